import { float32, type Context, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { compileOverRows, sumBlocks } from '../../../features/row-program.js';
import type { Mixture } from '../mixture.js';

import type { Maximiser } from './maximiser.js';
import { countsOf, exactMean, exactVariances, weightsOf, type Responsibilities } from './responsibilities.js';
import { singularError } from './singular.js';

/** Mean of squares minus square of the mean keeps at most two digits of smaller variances: they are computed anew in float64. */
const CANCELLED = 1e-4;
/** Variances below this share of the mean square are within the rounding error of float32 features. */
const ROUNDING = 4e-15;
/** Variances whose inverse float32 cannot hold. */
const SMALLEST = 1e-37;

/** A mean and variances for each feature, `[D]`, of one component. */
interface Axes {
  readonly mean: Float64Array;
  readonly variances: Float64Array;
}

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

  return {
    async maximise(responsibilities) {
      const { values, components } = responsibilities;
      const blocks = await program.run(({ from, to }) => ({
        weights: float32([to - from, components], values.subarray(from * components, to * components)),
      }));
      const [sums, squares] = [sumBlocks(blocks, 'sums'), sumBlocks(blocks, 'squares')];
      const counts = countsOf(responsibilities);
      const axes = Array.from(counts, (count, k) =>
        axesOf(x, responsibilities, k, count, row(sums, k, columns), row(squares, k, columns), regularization),
      );
      const variances = axes.map((axis) => (spherical ? Float64Array.of(average(axis.variances)) : axis.variances));
      return mixtureOf(counts, rows, axes, variances, columns);
    },
    dispose: () => program.dispose(),
  };
}

function axesOf(
  x: NdArray<'float32'>,
  responsibilities: Responsibilities,
  k: number,
  count: number,
  sums: Float64Array,
  squares: Float64Array,
  regularization: number,
): Axes {
  const meanSquares = squares.map((square) => square / count);
  let mean: Float64Array = sums.map((sum) => sum / count);
  let variances: Float64Array = meanSquares.map((square, j) => square - mean[j]! ** 2);
  if (variances.some((variance, j) => variance < CANCELLED * meanSquares[j]!)) {
    const weights = weightsOf(responsibilities, k);
    mean = exactMean(x, weights, count);
    variances = exactVariances(x, weights, count, mean);
  }
  return {
    mean,
    variances: variances.map((variance, j) => {
      if (regularization === 0 && variance <= Math.max(SMALLEST, ROUNDING * meanSquares[j]!)) {
        throw singularError(regularization);
      }
      return variance + regularization;
    }),
  };
}

function mixtureOf(
  counts: Float64Array,
  rows: number,
  axes: readonly Axes[],
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
