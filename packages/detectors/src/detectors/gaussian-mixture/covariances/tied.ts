import { float32, type Context, type NdArray } from '@kindred/core';

import { factorise } from './factorise.js';
import { TRUSTED } from './full.js';
import type { Maximiser } from './maximiser.js';
import { countsOf, exactMean, weightsOf } from './responsibilities.js';
import { exactScatter, prepareScatter } from './scatter.js';
import { singularError } from './singular.js';
import { prepareMeans } from './weighted-means.js';

/** One covariance for all components: what they leave of the scatter of all rows, which is computed once. */
export async function tied(ctx: Context, x: NdArray<'float32'>, regularization: number): Promise<Maximiser> {
  const [rows = 0, columns = 0] = x.shape;
  const each = new Float32Array(rows).fill(1);
  const origin = new Float64Array(columns);
  const means = await prepareMeans(ctx, x);
  let total: Float64Array | undefined;
  let exactTotal: Float64Array | undefined;

  async function scatterOfAll(): Promise<Float64Array> {
    const scatter = await prepareScatter(ctx, x);
    try {
      return await scatter.of(each, origin);
    } finally {
      await scatter.dispose();
    }
  }

  return {
    async maximise(responsibilities) {
      const counts = countsOf(responsibilities);
      total ??= await scatterOfAll();
      let centres = await means.of(responsibilities, counts);
      let factored = await factorise(ctx, within(total, centres, counts, rows), columns, regularization, TRUSTED);
      if (!factored) {
        exactTotal ??= await exactScatter(ctx, x, each, origin);
        centres = centres.map((_, k) => exactMean(x, weightsOf(responsibilities, k), counts[k]!));
        factored = await factorise(ctx, within(exactTotal, centres, counts, rows), columns, regularization);
      }
      if (!factored) throw singularError(regularization);
      const stacked = float32([counts.length, columns]);
      centres.forEach((mean, k) => stacked.data.set(mean, k * columns));
      return {
        weights: counts.map((count) => count / rows),
        means: stacked,
        precision: float32([columns, columns], Float32Array.from(factored.factor)),
        halfLogDeterminants: new Float64Array(counts.length).fill(factored.halfLogDeterminant),
      };
    },
    dispose: () => means.dispose(),
  };
}

/** The covariance around the `centres`, lower triangle: scatter around the origin without that of the centres, divided by `rows`. */
function within(
  total: Float64Array,
  centres: readonly Float64Array[],
  counts: Float64Array,
  rows: number,
): Float64Array {
  const covariance = total.slice();
  centres.forEach((centre, k) => {
    for (let i = 0; i < centre.length; i++) {
      const factor = counts[k]! * centre[i]!;
      for (let j = 0; j <= i; j++) covariance[i * centre.length + j]! -= factor * centre[j]!;
    }
  });
  return covariance.map((sum) => sum / rows);
}
