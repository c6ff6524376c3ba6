import type { Random } from '../context/random.js';
import type { Metric, MetricInput } from '../plugin/contract.js';
import { float32, type NdArray, uint8 } from '../tensor/nd-array.js';

import type { BootstrapInfo, Interval } from './evaluation.js';

/** A value of the sample in which image `i` was drawn `counts[i]` times. */
export type Statistic = (counts: Uint32Array) => number;

/**
 * Bootstrap percentile intervals (Efron and Tibshirani 1993, chapter 13) of several statistics on the same draws of `samples`
 * images with replacement. Draws for which a statistic is NaN are left out of its interval; null if there are no others.
 */
export function bootstrapIntervals(
  statistics: readonly Statistic[],
  samples: number,
  random: Random,
  { resamples, level }: BootstrapInfo,
): (Interval | null)[] {
  const values = statistics.map(() => new Float64Array(resamples));
  const counts = new Uint32Array(samples);
  for (let round = 0; round < resamples; round++) {
    counts.fill(0);
    for (let draw = 0; draw < samples; draw++) counts[random.integer(samples)]!++;
    statistics.forEach((statistic, i) => (values[i]![round] = statistic(counts)));
  }
  return values.map((own) => percentileInterval(own, level));
}

function percentileInterval(values: Float64Array, level: number): Interval | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return null;
  return { lower: quantile(sorted, (1 - level) / 2), upper: quantile(sorted, (1 + level) / 2) };
}

/** The quantile of `sorted` values by linear interpolation, NumPy's default. */
export function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

/** The metric's own `resample`, or one that copies the images as they were drawn. */
export function statisticOf(metric: Metric, options: unknown, input: MetricInput): Statistic {
  if (metric.resample) return metric.resample(options, input);
  return (counts) => metric.compute(options, drawn(input, counts)).value;
}

function drawn(input: MetricInput, counts: Uint32Array): MetricInput {
  const columns = input.labels.length;
  const rows: number[] = [];
  counts.forEach((count, row) => {
    for (let copy = 0; copy < count; copy++) rows.push(row);
  });
  const shape = [rows.length, columns];
  const copied = <A extends NdArray>(from: A, to: A): A => {
    rows.forEach((row, i) => to.data.set(from.data.subarray(row * columns, (row + 1) * columns), i * columns));
    return to;
  };
  return {
    labels: input.labels,
    scores: copied(input.scores, float32(shape)),
    targets: copied(input.targets, uint8(shape)),
    decisions: copied(input.decisions, uint8(shape)),
  };
}
