import type { BackboneModel } from '../../src/plugin/contract.js';
import type { Executable } from '../../src/plugin/engine-contract.js';
import { float32, type NdArrays } from '../../src/tensor/nd-array.js';

/** A backbone whose feature is the mean colour [D = 3]: what its network would compute is done by `meanColour`. */
export const meanColourModel: BackboneModel = {
  input: { width: 4, height: 4, channels: 3, resize: 'stretch' },
  features: 3,
  trainable: false,
  fingerprint: 'mean-colour-1',
  network: {
    init: () => ({}),
    forward: (weights, x) => x.toFloat().mean([1, 2]),
  },
};

export interface Watch {
  /** Runs called, and the most at once. */
  runs: number;
  most: number;
}

/** The compiled program of `meanColourModel`: `images` uint8 [B, H, W, C] in, `features` float32 [B, 3] out. */
export function meanColour(delay = 0): Pick<Executable, 'run'> & Watch & { readonly shapes: Set<string> } {
  let running = 0;
  const executable = {
    runs: 0,
    most: 0,
    shapes: new Set<string>(),
    async run({ images }: NdArrays, options?: { signal?: AbortSignal }): Promise<NdArrays> {
      executable.runs++;
      executable.most = Math.max(executable.most, ++running);
      try {
        await new Promise((resolve) => setTimeout(resolve, delay));
        options?.signal?.throwIfAborted();
        if (images?.dtype !== 'uint8') throw new Error('images must be uint8');
        executable.shapes.add(images.shape.join());
        return { features: meansOf(images.data, images.shape) };
      } finally {
        running--;
      }
    },
  };
  return executable;
}

function meansOf(pixels: ArrayLike<number>, [rows = 0, height = 0, width = 0, channels = 0]: readonly number[]) {
  const features = float32([rows, channels]);
  const area = height * width;
  for (let i = 0; i < rows * area * channels; i++) {
    const at = Math.floor(i / (area * channels)) * channels + (i % channels);
    features.data[at] = (features.data[at] ?? 0) + (pixels[i] ?? 0) / area;
  }
  return features;
}
