import type { Random } from '../context/random.js';
import { NORMAL } from '../data/one-class/normal-samples.js';
import { float32, type NdArray } from '../tensor/nd-array.js';

import { quantile } from './bootstrap.js';
import { measure, type EvaluationOptions } from './evaluate-scores.js';
import type { OneClassEvaluation, Rate, ScoreSummary } from './evaluation.js';
import type { NamedMetric } from './named-metric.js';
import { reliabilityCurve } from './reliability-curve.js';
import { wilsonInterval } from './wilson-interval.js';

export interface OneClassInput {
  /** `[N]`: higher is more normal. */
  readonly scores: NdArray<'float32'>;
  /** `[N]`: the chance that an image is normal, where a calibrator gives it. */
  readonly probabilities?: NdArray<'float32'> | undefined;
  /** `[N, 1]`: 1 for normal images. */
  readonly targets: NdArray<'uint8'>;
  /** An image is taken for normal where `score >= threshold`. */
  readonly threshold: number;
  /** Of scores. */
  readonly metrics: readonly NamedMetric[];
  /** Of probabilities. */
  readonly calibrationMetrics: readonly NamedMetric[];
}

/** A calibrated image is more likely normal than not. */
const EVEN = 0.5;

/** A detector has seen normal images alone. */
const TRAINING = { positives: [1], samples: 1 };

/**
 * The evaluation of a detector. Without other images than normal ones, metrics that need both are null; the false-alarm rate remains.
 * @throws KINDRED_SCORES_INVALID as `measure`
 */
export function evaluateOneClass(
  input: OneClassInput,
  random: Random,
  options?: EvaluationOptions,
): OneClassEvaluation {
  const { scores, probabilities, targets, threshold } = input;
  const labels = [NORMAL];
  const column = (values: NdArray<'float32'>) => float32([values.data.length, 1], values.data);
  const scored = { labels, targets, training: TRAINING };
  const measured = measure(
    { ...scored, scores: column(scores), thresholds: [threshold], metrics: input.metrics },
    random,
    options,
  );
  const calibration =
    probabilities &&
    measure(
      { ...scored, scores: column(probabilities), thresholds: [EVEN], metrics: input.calibrationMetrics },
      random.fork('calibration'),
      options,
    );

  const of = (target: number) => scores.data.filter((_, i) => targets.data[i] === target);
  const [normal, other] = [of(1), of(0)];
  const below = (values: Float32Array) => values.filter((score) => score < threshold).length;
  return {
    kind: 'one-class',
    ...measured,
    metrics: [...measured.metrics, ...(calibration?.metrics ?? [])],
    normals: normal.length,
    others: other.length,
    threshold,
    falseAlarmRate: rate(below(normal), normal.length),
    detectionRate: rate(below(other), other.length),
    scores: { normal: summary(normal), other: summary(other) },
    reliability:
      probabilities && normal.length > 0 && other.length > 0
        ? reliabilityCurve(probabilities.data, targets.data, { bins: 10 })
        : null,
  };
}

/** A share with its interval; null of nothing. */
export function rate(hits: number, images: number): Rate | null {
  return images === 0 ? null : { value: hits / images, interval: wilsonInterval(hits, images), images };
}

function summary(values: Float32Array): ScoreSummary | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => quantile(sorted, share);
  return { minimum: at(0), lowerQuartile: at(0.25), median: at(0.5), upperQuartile: at(0.75), maximum: at(1) };
}
