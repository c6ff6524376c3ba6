import { runPeer } from '../peer.js';
import type { Taken } from '../rounds.js';

import type { Workload } from './workloads.js';

export interface TorchTrainingSettings {
  readonly channels_last: boolean;
  readonly fused: boolean | null;
  readonly foreach: boolean | null;
  readonly compile: boolean;
  readonly threads: number;
  /** A step's best, as measured while tuning. */
  readonly milliseconds?: number;
}

/** The PyTorch side of the training bench: tools/bench/torch_train.py. */
export class TorchTraining {
  readonly #parameters: readonly string[];

  constructor(
    private readonly python: string,
    { name, batch, rows }: Workload,
    threads: number,
  ) {
    const given = { workload: name, batch, rows, threads };
    this.#parameters = Object.entries(given).flatMap(([key, value]) => [`--${key}`, String(value)]);
  }

  /** Tries settings and returns all of them, the fastest first. */
  async tune(compile: boolean): Promise<readonly TorchTrainingSettings[]> {
    const parameters = [...this.#parameters, '--tune', ...(compile ? ['--compile'] : [])];
    const { tried } = await runPeer<{ tried: TorchTrainingSettings[] }>(this.python, 'torch_train.py', parameters);
    return tried;
  }

  /** Trains in a fresh process; its start and warm-up are not counted. */
  run(settings: TorchTrainingSettings, warmup: number, steps: number): Promise<Taken & { readonly torch: string }> {
    const counts = ['--warmup', String(warmup), '--steps', String(steps)];
    return runPeer(this.python, 'torch_train.py', [
      ...this.#parameters,
      ...counts,
      '--settings',
      JSON.stringify(settings),
    ]);
  }
}
