import type { Random } from '../../context/random.js';
import { bootstrapIntervals, type Statistic } from '../bootstrap.js';
import type { EvaluationOptions } from '../evaluate-scores.js';
import {
  type BootstrapInfo,
  type Interval,
  type MetricResult,
  type OneShotResult,
  type PairRate,
  TRIVIAL_PREDICTORS,
  type TrivialPredictor,
  type VerificationEvaluation,
} from '../evaluation.js';
import { orNull } from '../label-table.js';

import type { Pairs } from './collect-pairs.js';
import { equalError } from './equal-error.js';
import { countRanked, rankPairs } from './rank-pairs.js';
import { rocCurve, thinRoc } from './roc-curve.js';
import { verificationRates, type VerificationRates } from './verification-rates.js';

export interface VerificationInput {
  readonly samples: number;
  /** How many different ones the images show: the pairs number them from 0. */
  readonly identities: number;
  readonly pairs: Pairs;
  /** Pairs of at most this distance are taken for the same. */
  readonly threshold: number;
  readonly oneShot: readonly OneShotResult[];
}

/** Pairs times resamples: some seconds of work. */
const WORK = 200_000_000;
const FEWEST_RESAMPLES = 200;
const ROC_POINTS = 200;

const RATES = ['auroc', 'equalErrorRate', 'falseMatchRate', 'falseNonMatchRate', 'accuracy'] as const;
type RateIntervals = Readonly<Record<keyof VerificationRates, Interval | null>>;

/**
 * The evaluation of embeddings by pairs of images: does a pair show the same? Intervals resample identities, fewer times where there are
 * many pairs.
 */
export function evaluateVerification(
  { samples, identities, pairs, threshold, oneShot }: VerificationInput,
  random: Random,
  { bootstrap = 1000, level = 0.95 }: EvaluationOptions = {},
): VerificationEvaluation {
  const ranked = rankPairs(pairs);
  const compared = countRanked(ranked);
  const ratesOf = (counts: Uint32Array) => verificationRates(ranked, threshold, counts);
  const rates = ratesOf(new Uint32Array(identities).fill(1));
  const affordable = Math.max(FEWEST_RESAMPLES, Math.floor(WORK / Math.max(1, ranked.distances.length)));
  const info: BootstrapInfo | null = bootstrap > 0 ? { resamples: Math.min(bootstrap, affordable), level } : null;
  const intervals = rateIntervals(ratesOf, identities, random.fork('bootstrap'), info);

  const roc = rocCurve(ranked);
  const rateOf = (name: 'falseMatchRate' | 'falseNonMatchRate', of: number): PairRate | null =>
    of === 0 ? null : { value: rates[name], interval: intervals[name], pairs: of };
  return {
    format: 1,
    kind: 'verification',
    samples,
    identities,
    bootstrap: info,
    metrics: [
      metric('AUROC', 'auroc', rates.auroc, intervals.auroc, 0.5),
      metric('EER', 'equal-error-rate', rates.equalErrorRate, intervals.equalErrorRate, 0.5),
      metric('accuracy', 'verification-accuracy', rates.accuracy, intervals.accuracy, 0.5),
      ...oneShot.map(({ ways, shots, accuracy, interval, floor }) =>
        metric(`${ways}-way ${shots}-shot accuracy`, 'one-shot-accuracy', accuracy, interval, floor),
      ),
    ],
    pairs: { ...compared, existing: pairs.existing },
    threshold,
    equalErrorThreshold: orNull(equalError(roc).distance),
    falseMatchRate: rateOf('falseMatchRate', compared.different),
    falseNonMatchRate: rateOf('falseNonMatchRate', compared.same),
    oneShot,
    roc: compared.same > 0 && compared.different > 0 ? thinRoc(roc, ROC_POINTS) : null,
  };
}

/** All figures of a resample come from one pass over the pairs. */
function rateIntervals(
  ratesOf: (counts: Uint32Array) => VerificationRates,
  identities: number,
  random: Random,
  info: BootstrapInfo | null,
): RateIntervals {
  let drawn: VerificationRates;
  const statistics = RATES.map((name, i): Statistic => (counts) => {
    if (i === 0) drawn = ratesOf(counts);
    return drawn[name];
  });
  const intervals = info ? bootstrapIntervals(statistics, identities, random, info) : [];
  return Object.fromEntries(RATES.map((name, i) => [name, intervals[i] ?? null])) as RateIntervals;
}

/** Predictors that see no image give every pair the same distance. */
function metric(
  name: string,
  component: string,
  value: number,
  interval: Interval | null,
  floor: number,
): MetricResult {
  const floors = Object.fromEntries(TRIVIAL_PREDICTORS.map((predictor) => [predictor, floor]));
  return {
    name,
    metric: `${component}@1`,
    options: {},
    higherIsBetter: component !== 'equal-error-rate',
    headline: true,
    value: orNull(value),
    interval,
    floor: { predictor: 'nothing', value: floor },
    floors: floors as Record<TrivialPredictor, number>,
  };
}
