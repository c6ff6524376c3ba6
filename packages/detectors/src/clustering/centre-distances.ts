import { float32, type Context, type NdArray } from '@kindred/core';

import { compileOverRows, joinBlocks } from '../features/row-program.js';
import { squaredDistances } from '../features/squared-distances.js';

/** Distances of the rows of one matrix to centres that change. */
export interface CentreDistances {
  /** The most centres of one call, and the length of a row of its result. */
  readonly width: number;
  /** Squared euclidean distances `[N, width]` of all rows to `centres` `[C, D]`, in the first C columns. */
  to(centres: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Prepares distances of the rows of `x` `[N, D]` to up to `width` centres, by matrix products on the engine. `x` should have its mean
 * near 0: rounding errors are 1e-7 of squared norms.
 */
export async function prepareCentreDistances(
  ctx: Pick<Context, 'engine' | 'signal'>,
  x: NdArray<'float32'>,
  width: number,
): Promise<CentreDistances> {
  const columns = x.shape[1]!;
  const program = await compileOverRows(ctx, 'centre-distances', x, (rows, { centres }) => ({
    distances: squaredDistances(rows, centres!),
  }));
  return {
    width,
    async to(centres) {
      // Always as many: other shapes would be compiled anew.
      const padded = float32([width, columns]);
      padded.data.set(centres);
      return joinBlocks(await program.run(() => ({ centres: padded })), 'distances');
    },
    dispose: () => program.dispose(),
  };
}
