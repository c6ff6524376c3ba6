import { type Context, float32, type NamedTensors, type NdArray, type NdArrays } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Rows that are scored in one run: small enough to be divided among workers, and for them to share compiled programs. */
const BATCH = 2048;

/** Scores `[N]` of the rows of `x` `[N, D]` by a function over tensors, through the engine. */
export async function scoreRows(
  { shape, data }: NdArray<'float32'>,
  constants: NdArrays,
  score: (constants: NamedTensors, x: Tensor) => Tensor,
  { engine, signal }: Pick<Context, 'engine' | 'signal'>,
): Promise<Float32Array> {
  const [rows, columns] = shape as [number, number];
  const size = Math.min(BATCH, rows);
  const scores = new Float32Array(rows);
  const executable = await engine.compile({
    name: 'scores of training images',
    constants,
    run: ({ inputs, constants: given }) => ({ scores: score(given, inputs.x!) }),
  });
  // The last batch begins earlier instead of being shorter: another shape would be compiled anew.
  const starts = Array.from({ length: Math.ceil(rows / size) }, (_, i) => Math.min(i * size, rows - size));
  const lane = async (): Promise<void> => {
    for (let start = starts.pop(); start !== undefined; start = starts.pop()) {
      const x = float32([size, columns], data.subarray(start * columns, (start + size) * columns));
      const { scores: some } = await executable.run({ x }, { signal });
      scores.set(some!.data, start);
    }
  };
  try {
    await Promise.all(Array.from({ length: engine.concurrency }, lane));
  } finally {
    await executable.dispose();
  }
  return scores;
}
