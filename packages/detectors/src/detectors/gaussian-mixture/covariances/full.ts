import { float32, type Context, type NdArray } from '@kindred/core';

import { factorise, type Factored } from './factorise.js';
import type { Maximiser } from './maximiser.js';
import { countsOf, exactMean, weightsOf } from './responsibilities.js';
import { exactScatter, prepareScatter } from './scatter.js';
import { singularError } from './singular.js';
import { prepareMeans } from './weighted-means.js';

/** Unexplained variances below this share of the largest are too near to float32's rounding: such a covariance is computed in float64. */
export const TRUSTED = 1e-4;

/** A covariance of its own for each component. */
export async function full(ctx: Context, x: NdArray<'float32'>, regularization: number): Promise<Maximiser> {
  const [rows = 0, columns = 0] = x.shape;
  const [means, scatter] = await Promise.all([prepareMeans(ctx, x), prepareScatter(ctx, x)]);

  async function component(weights: Float32Array, count: number, mean: Float64Array) {
    const divided = (sums: Float64Array) => sums.map((sum) => sum / count);
    const quick = await factorise(ctx, divided(await scatter.of(weights, mean)), columns, regularization, TRUSTED);
    if (quick) return { mean, ...quick };
    const exact = exactMean(x, weights, count);
    const factored = await factorise(ctx, divided(await exactScatter(ctx, x, weights, exact)), columns, regularization);
    if (!factored) throw singularError(regularization);
    return { mean: exact, ...factored };
  }

  return {
    async maximise(responsibilities) {
      const counts = countsOf(responsibilities);
      const firstMeans = await means.of(responsibilities, counts);
      const components: (Factored & { mean: Float64Array })[] = [];
      for (const [k, mean] of firstMeans.entries()) {
        ctx.signal.throwIfAborted();
        components.push(await component(weightsOf(responsibilities, k), counts[k]!, mean));
      }
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
