import { float32, type Context, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { compileOverRows, sumBlocks } from '../../../features/row-program.js';
import type { Mixture } from '../mixture.js';

import type { Maximiser } from './maximiser.js';
import { exactMoments, type Moments } from './moments.js';
import { countsOf, weightsOf, type Responsibilities } from './responsibilities.js';
import { singularError } from './singular.js';

/** Mean of squares minus square of the mean keeps at most two digits of smaller variances: they are computed anew in float64. */
const CANCELLED = 1e-4;
/** With fewer components that share in a row, on average, products on the engine gain nothing. */
const SHARES_OF_SPARSE = 2;
/** Variances below this share of the mean square are within the rounding error of float32 features. */
const ROUNDING = 4e-15;
/** Variances whose inverse float32 cannot hold. */
const SMALLEST = 1e-37;

/** Variances along the axes: one for each feature, or their mean for all (`spherical`). */
export async function axisAligned(
  ctx: Context,
  x: NdArray<'float32'>,
  regularization: number,
  { spherical }: { spherical: boolean },
): Promise<Maximiser> {
  const [rows = 0, columns = 0] = x.shape;
  const program = await compileOverRows(ctx, 'weighted-moments', x, (part, { weights }) => ({
    sums: tf.matMul(weights as tf.Tensor2D, part, true),
    squares: tf.matMul(weights as tf.Tensor2D, tf.square(part), true),
  }));

  async function byProducts(
    { values, components }: Responsibilities,
    counts: Float64Array,
  ): Promise<(Moments | undefined)[]> {
    const blocks = await program.run(({ from, to }) => ({
      weights: float32([to - from, components], values.subarray(from * components, to * components)),
    }));
    const [sums, squares] = [sumBlocks(blocks, 'sums'), sumBlocks(blocks, 'squares')];
    return Array.from(counts, (count, k) => momentsOf(count, row(sums, k, columns), row(squares, k, columns)));
  }

  function byDifferences(responsibilities: Responsibilities, k: number, count: number): Moments {
    return exactMoments(x, weightsOf(responsibilities, k), count);
  }

  return {
    async maximise(responsibilities) {
      const counts = countsOf(responsibilities);
      const quick = isSparse(responsibilities) ? [] : await byProducts(responsibilities, counts);
      const axes = Array.from(counts, (count, k) => quick[k] ?? byDifferences(responsibilities, k, count));
      const variances = axes.map((axis) => regularised(axis, regularization));
      const averaged = spherical ? variances.map((values) => Float64Array.of(average(values))) : variances;
      return mixtureOf(counts, rows, axes, averaged, columns);
    },
    dispose: () => program.dispose(),
  };
}

/** In many dimensions most rows belong to one component alone: differences in float64 then take no longer than products, and are exact. */
function isSparse({ values, components }: Responsibilities): boolean {
  let shares = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) shares++;
  return shares <= (SHARES_OF_SPARSE * values.length) / components;
}

/** From sums of rows and of their squares; undefined where the difference of the two keeps too little of some variance. */
function momentsOf(count: number, sums: Float64Array, squares: Float64Array): Moments | undefined {
  const mean = sums.map((sum) => sum / count);
  const variances = new Float64Array(mean.length);
  for (let j = 0; j < mean.length; j++) {
    variances[j] = squares[j]! / count - mean[j]! ** 2;
    if (variances[j]! < (CANCELLED * squares[j]!) / count) return undefined;
  }
  return { mean, variances };
}

function regularised({ mean, variances }: Moments, regularization: number): Float64Array {
  return variances.map((variance, j) => {
    if (regularization === 0 && variance <= Math.max(SMALLEST, ROUNDING * (variance + mean[j]! ** 2))) {
      throw singularError(regularization);
    }
    return variance + regularization;
  });
}

function mixtureOf(
  counts: Float64Array,
  rows: number,
  axes: readonly Moments[],
  variances: readonly Float64Array[],
  columns: number,
): Mixture {
  const precision = float32([counts.length, variances[0]!.length]);
  const means = float32([counts.length, columns]);
  variances.forEach((values, k) => {
    means.data.set(axes[k]!.mean, k * columns);
    precision.data.set(
      values.map((variance) => 1 / variance),
      k * values.length,
    );
  });
  return {
    weights: counts.map((count) => count / rows),
    means,
    precision,
    halfLogDeterminants: Float64Array.from(
      variances,
      (values) => (-columns / 2) * average(values.map((variance) => Math.log(variance))),
    ),
  };
}

const row = (matrix: Float64Array, k: number, columns: number) => matrix.subarray(k * columns, (k + 1) * columns);

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
