import { float32, type Context, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { compileOverRows, fewestRowsOfProducts, joinBlocks } from '../features/row-program.js';
import { squaredLengths } from '../neighbours/squared-lengths.js';

/** Distances of the rows of one matrix to centres that change. */
export interface CentreDistances {
  /** The most centres of one call, and the length of a row of its result. */
  readonly width: number;
  /** Squared lengths of the rows, `[N]`. */
  readonly norms: Float64Array;
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
  // The few centres on the left: engines arrange the right side, which stays, once.
  const program = await compileOverRows(
    ctx,
    'centre-products',
    x,
    (rows, { centres }) => ({ products: tf.transpose(tf.matMul(centres!, rows, false, true)) }),
    fewestRowsOfProducts(columns),
  );
  const norms = squaredLengths(x);
  return {
    ...{ width, norms },
    async to(centres) {
      // Always as many: other shapes would be compiled anew.
      const padded = float32([width, columns]);
      padded.data.set(centres);
      const products = joinBlocks(await program.run(() => ({ centres: padded })), 'products');
      return fromProducts(products, norms, squaredLengths(padded));
    },
    dispose: () => program.dispose(),
  };
}

/** `|x|^2 - 2 x c + |c|^2` from products `[N, C]`, never below 0. */
function fromProducts(products: Float32Array, norms: Float64Array, centreNorms: Float64Array): Float32Array {
  const width = centreNorms.length;
  const distances = new Float32Array(products.length);
  for (let i = 0, at = 0; i < norms.length; i++) {
    for (let c = 0; c < width; c++, at++) {
      const distance = norms[i]! + centreNorms[c]! - 2 * products[at]!;
      // A product too large for float32 leaves no number, rather than 0.
      distances[at] = distance < 0 ? 0 * distance : distance;
    }
  }
  return distances;
}
