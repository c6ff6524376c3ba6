import type { z } from 'zod';

import type { Metric } from '../plugin/contract.js';

/** A metric with its options filled, and the name it has in reports. */
export interface NamedMetric {
  /** Unique in its list. */
  readonly name: string;
  readonly metric: Metric;
  readonly options: unknown;
}

/** Fills `options` with their defaults. @throws ZodError if they do not fit the metric's schema */
export function namedMetric<S extends z.ZodType>(name: string, metric: Metric<S>, options: z.input<S>): NamedMetric {
  return { name, metric, options: metric.options.parse(options) };
}
