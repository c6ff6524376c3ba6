import { float32, type Context, type NdArray } from '@kindred/core';

import { factorise, type Factored } from './factorise.js';
import type { Maximiser } from './maximiser.js';
import { countsOf, exactMean, weightsOf } from './responsibilities.js';
import { exactScatter, prepareScatter } from './scatter.js';
import { singularError } from './singular.js';
import { prepareMeans } from './weighted-means.js';

/** Unexplained variances below this share of the largest are too near to float32's rounding: such a covariance is computed in float64. */
export const TRUSTED = 1e-4;

/** A component and the weights of the rows that it was estimated with. */
interface Component extends Factored {
  readonly weights: Float32Array;
  readonly mean: Float64Array;
}

/**
 * A covariance of its own for each component. In many dimensions each row soon belongs to one component alone: where the weights of one
 * stay as they were, so does its covariance, and nothing is computed.
 */
export async function full(ctx: Context, x: NdArray<'float32'>, regularization: number): Promise<Maximiser> {
  const [rows = 0, columns = 0] = x.shape;
  const [means, scatter] = await Promise.all([prepareMeans(ctx, x), prepareScatter(ctx, x)]);

  let last: readonly Component[] = [];
  const divided = (sums: Float64Array, count: number) => sums.map((sum) => sum / count);

  async function quick(weights: Float32Array, count: number, mean: Float64Array) {
    // Of no more images than features, the covariance has no variance but the regularization in some direction.
    if (count <= columns) return undefined;
    const factored = await factorise(
      ctx,
      divided(await scatter.of(weights, mean), count),
      columns,
      regularization,
      TRUSTED,
    );
    return factored && { weights, mean, ...factored };
  }

  async function exact(weights: Float32Array, count: number) {
    const mean = exactMean(x, weights, count);
    const covariance = divided(await exactScatter(ctx, x, weights, mean), count);
    const factored = await factorise(ctx, covariance, columns, regularization);
    if (!factored) throw singularError(regularization);
    return { weights, mean, ...factored };
  }

  return {
    async maximise(responsibilities) {
      const counts = countsOf(responsibilities);
      const firstMeans = await means.of(responsibilities, counts);
      const components: Component[] = [];
      for (const [k, mean] of firstMeans.entries()) {
        ctx.signal.throwIfAborted();
        const [weights, count] = [weightsOf(responsibilities, k), counts[k]!];
        const same = last[k] && equal(last[k].weights, weights) ? last[k] : undefined;
        components.push(same ?? (await quick(weights, count, mean)) ?? (await exact(weights, count)));
      }
      last = components;
      const mixture = {
        weights: counts.map((count) => count / rows),
        means: float32([counts.length, columns]),
        precision: float32([counts.length, columns, columns]),
        halfLogDeterminants: Float64Array.from(components, ({ halfLogDeterminant }) => halfLogDeterminant),
      };
      components.forEach(({ mean, factor }, k) => {
        mixture.means.data.set(mean, k * columns);
        mixture.precision.data.set(factor, k * columns * columns);
      });
      return mixture;
    },
    dispose: async () => void (await Promise.all([means.dispose(), scatter.dispose()])),
  };
}

const equal = (one: Float32Array, other: Float32Array): boolean =>
  one.length === other.length && one.every((value, i) => value === other[i]);
