import { inspect } from 'node:util';

import type { Random } from '../context/random.js';
import { KindredError } from '../errors/kindred-error.js';
import type { MetricInput, MetricValue, Scored } from '../plugin/contract.js';
import { type NdArray, uint8 } from '../tensor/nd-array.js';

import { bootstrapIntervals, statisticOf } from './bootstrap.js';
import {
  type BootstrapInfo,
  type Floor,
  type Interval,
  type Measured,
  type MetricResult,
  type MultiLabelEvaluation,
  TRIVIAL_PREDICTORS,
  type TrivialPredictor,
} from './evaluation.js';
import { labelTable, orNull } from './label-table.js';
import type { NamedMetric } from './named-metric.js';
import { requireScored } from './require-scored.js';
import { type TrainingCounts, trivialInputs } from './trivial-predictors.js';

export interface EvaluationInput extends Scored {
  /** One for each label: the label is given where `score >= threshold`. */
  readonly thresholds: readonly number[];
  readonly training: TrainingCounts;
  readonly metrics: readonly NamedMetric[];
}

export interface EvaluationOptions {
  /** Bootstrap resamples for the intervals of headline metrics; 0 for no intervals. Default 1000. */
  readonly bootstrap?: number;
  /** The share of resamples inside an interval. Default .95. */
  readonly level?: number;
}

/** Decisions `[N, L]`: 1 where the score `[N, L]` reaches the label's threshold. */
export function decide(scores: NdArray<'float32'>, thresholds: readonly number[]): NdArray<'uint8'> {
  const decisions = uint8(scores.shape);
  for (let i = 0; i < decisions.data.length; i++) {
    decisions.data[i] = Number(scores.data[i]! >= thresholds[i % thresholds.length]!);
  }
  return decisions;
}

/** The evaluation of a head: what `measure` gives, and a row for each label. */
export function evaluateScores(
  input: EvaluationInput,
  random: Random,
  options?: EvaluationOptions,
): MultiLabelEvaluation {
  const measured = measure(input, random, options);
  const { thresholds, training, targets, scores } = input;
  const decided: MetricInput = { ...input, decisions: decide(scores, thresholds) };
  return {
    kind: 'multi-label',
    ...measured,
    labelsPerSample: targets.data.reduce((sum, target) => sum + target, 0) / measured.samples,
    labels: labelTable(decided, thresholds, training.positives),
  };
}

/**
 * Computes metrics beside what trivial predictors reach, and intervals for headline metrics.
 * Everything random comes from `random.fork('bootstrap')`.
 * @throws KINDRED_SCORES_INVALID if scores, targets, thresholds or training counts do not fit together or there are no images
 * @throws KINDRED_PLUGIN_RESULT if a metric's `perLabel` has not one value for each label
 */
export function measure(
  { thresholds, training, metrics, ...scored }: EvaluationInput,
  random: Random,
  { bootstrap = 1000, level = 0.95 }: EvaluationOptions = {},
): Measured {
  requireEvaluable(scored, thresholds, training);
  const input: MetricInput = { ...scored, decisions: decide(scored.scores, thresholds) };
  const trivial = trivialInputs(input, training);
  const info: BootstrapInfo | null = bootstrap > 0 ? { resamples: bootstrap, level } : null;
  const intervals = headlineIntervals(metrics, input, random, info);
  return {
    format: 1,
    samples: scored.scores.shape[0]!,
    bootstrap: info,
    metrics: metrics.map((named) => metricResult(named, input, trivial, intervals.get(named) ?? null)),
  };
}

function headlineIntervals(
  metrics: readonly NamedMetric[],
  input: MetricInput,
  random: Random,
  info: BootstrapInfo | null,
): Map<NamedMetric, Interval | null> {
  if (!info) return new Map();
  const headlines = metrics.filter(({ metric }) => metric.headline);
  const statistics = headlines.map(({ metric, options }) => statisticOf(metric, options, input));
  const intervals = bootstrapIntervals(statistics, input.scores.shape[0]!, random.fork('bootstrap'), info);
  return new Map(headlines.map((named, i) => [named, intervals[i]!]));
}

function metricResult(
  named: NamedMetric,
  input: MetricInput,
  trivial: Record<TrivialPredictor, MetricInput>,
  interval: Interval | null,
): MetricResult {
  const { name, metric, options } = named;
  const { value, perLabel } = computed(named, input);
  const floors = Object.fromEntries(
    TRIVIAL_PREDICTORS.map((predictor) => [predictor, orNull(computed(named, trivial[predictor]).value)]),
  ) as Record<TrivialPredictor, number | null>;
  const predictor = metric.floor ?? bestFloor(floors, metric.higherIsBetter);
  const floor: Floor = { predictor, value: floors[predictor] };
  return {
    name,
    metric: `${metric.name}@${metric.version}`,
    options,
    higherIsBetter: metric.higherIsBetter,
    headline: metric.headline ?? false,
    value: orNull(value),
    interval,
    floor,
    floors,
    ...(perLabel && { perLabel: perLabel.map(orNull) }),
  };
}

function computed({ metric, options }: NamedMetric, input: MetricInput): MetricValue {
  const result = metric.compute(options, input);
  const { length } = input.labels;
  if (result.perLabel && result.perLabel.length !== length) {
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `The metric ${metric.name} must give one value for each of ${length} labels. Got ${result.perLabel.length}.`,
      received: result.perLabel.length,
      hint: 'Return NaN for a label whose value is not defined.',
    });
  }
  return result;
}

/** The first of the trivial predictors that reach the best value. */
function bestFloor(
  floors: Readonly<Record<TrivialPredictor, number | null>>,
  higherIsBetter: boolean,
): TrivialPredictor {
  const worst = higherIsBetter ? -Infinity : Infinity;
  return TRIVIAL_PREDICTORS.reduce((best, candidate) => {
    const [one, other] = [floors[candidate] ?? worst, floors[best] ?? worst];
    return (higherIsBetter ? one > other : one < other) ? candidate : best;
  });
}

function requireEvaluable(scored: Scored, thresholds: readonly number[], training: TrainingCounts): void {
  requireScored('an evaluation', scored);
  const { length } = scored.labels;
  const rules: [boolean, string, unknown][] = [
    [scored.scores.shape[0]! > 0, 'at least one image', scored.scores.shape],
    [thresholds.length === length && thresholds.every(Number.isFinite), `${length} finite thresholds`, thresholds],
    [training.positives.length === length, `training counts of ${length} labels`, training.positives],
    [training.samples > 0, 'at least one training image', training.samples],
  ];
  for (const [holds, what, received] of rules) {
    if (holds) continue;
    throw new KindredError('KINDRED_SCORES_INVALID', {
      message: `An evaluation needs ${what}. Got ${inspect(received)}.`,
      received,
      hint: 'Give one threshold and one training count for each label, and scores of at least one image.',
    });
  }
}
