import { runPeer } from '../peer.js';
import type { Taken } from '../rounds.js';

export interface TorchSettings {
  readonly mode: 'eager' | 'fused' | 'frozen';
  readonly channels_last: boolean;
  readonly threads: number;
  readonly workers: number;
  /** How images are scaled; bilinear, torchvision's way, if absent. */
  readonly resample?: 'lanczos';
  /** As measured while tuning. */
  readonly images_per_second?: number;
}

interface Run extends Taken {
  readonly torch: string;
}

/** The PyTorch side of the features bench: tools/bench/torch_features.py. */
export class TorchFeatures {
  constructor(
    private readonly python: string,
    private readonly weights?: string,
  ) {}

  /** Tries settings on the files that `list` names and returns all of them, the fastest first. */
  async tune(list: string): Promise<readonly TorchSettings[]> {
    const { tried } = await runPeer<{ tried: TorchSettings[] }>(this.python, 'torch_features.py', [
      '--files',
      list,
      '--tune',
    ]);
    return tried;
  }

  /** Extracts once in a fresh process, start and warm-up not counted; writes the features to `out`, an .npy file. */
  run(list: string, settings: TorchSettings, out: string): Promise<Run> {
    return runPeer<Run>(this.python, 'torch_features.py', [
      ...['--files', list, '--settings', JSON.stringify(settings), '--out', out],
      ...(this.weights === undefined ? [] : ['--weights', this.weights]),
    ]);
  }
}
