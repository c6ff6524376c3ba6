import type { MetricInput, MetricValue } from '../plugin/contract.js';

import { requireScored } from './require-scored.js';

/** The value when image `i` counts `counts[i]` times. */
export type WeightedMetric = (counts: Uint32Array) => MetricValue;

/**
 * `compute` and `resample` of a metric from one function that prepares an input for any number of weightings, so that the
 * two cannot differ.
 */
export function weighted<Options>(
  name: string,
  prepare: (options: Options, input: MetricInput) => WeightedMetric,
): {
  compute(options: Options, input: MetricInput): MetricValue;
  resample(options: Options, input: MetricInput): (counts: Uint32Array) => number;
} {
  const checked = (options: Options, input: MetricInput): WeightedMetric => {
    requireScored(`metric ${name}`, input);
    return prepare(options, input);
  };
  return {
    compute: (options, input) => checked(options, input)(eachOnce(input)),
    resample: (options, input) => {
      const value = checked(options, input);
      return (counts) => value(counts).value;
    },
  };
}

/** Every image counts once. */
export function eachOnce({ scores }: Pick<MetricInput, 'scores'>): Uint32Array {
  return new Uint32Array(scores.shape[0]!).fill(1);
}

/** The mean of the values that are defined; NaN if none is. */
export function meanOfDefined(values: readonly number[]): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return defined.reduce((sum, value) => sum + value, 0) / defined.length;
}
