import type { ReliabilityBin } from './reliability-curve.js';

/*
 * The public format of an evaluation: `metrics.json` of a bundle holds it unchanged. Plain JSON; `null` stands for a
 * value that is not defined (no positives, say). Fields may be added within format 1; none changes its meaning.
 */

/**
 * Predictors that have not seen the image. A metric's value means something beside what they reach.
 * - `frequency`: each label's score is its share of the training images; given where that is at least one half.
 *   The strongest ranking that is the same for every image.
 * - `nothing`: equal scores, no label given. Average precision is then the prevalence, AUROC one half.
 * - `most-frequent`: the same most frequent labels for every image, as many of them as make micro-F1 highest in training.
 * - `everything`: equal scores, every label given. The highest macro-F1 without looking.
 */
export const TRIVIAL_PREDICTORS = ['frequency', 'nothing', 'most-frequent', 'everything'] as const;
export type TrivialPredictor = (typeof TRIVIAL_PREDICTORS)[number];

export type Evaluation = MultiLabelEvaluation | OneClassEvaluation | VerificationEvaluation;

/** What every evaluation has. */
export interface Measured {
  readonly format: 1;
  /** Images the values are computed from. */
  readonly samples: number;
  /** How the intervals were made; null if there are none. */
  readonly bootstrap: BootstrapInfo | null;
  /** In the order they were asked for. */
  readonly metrics: readonly MetricResult[];
}

/** Of a head. */
export interface MultiLabelEvaluation extends Measured {
  readonly kind: 'multi-label';
  /** Mean number of true labels an image. */
  readonly labelsPerSample: number;
  /** One for each label, in the order of the score columns. */
  readonly labels: readonly LabelResult[];
}

/** Of a detector. Metrics take normal images for the positives; those that need others are null where there are none. */
export interface OneClassEvaluation extends Measured {
  readonly kind: 'one-class';
  /** Normal images and others among the samples. */
  readonly normals: number;
  readonly others: number;
  /** An image is taken for normal where `score >= threshold`. */
  readonly threshold: number;
  /** The share of normal images below the threshold; null without any. */
  readonly falseAlarmRate: Rate | null;
  /** The share of others below the threshold; null without any. */
  readonly detectionRate: Rate | null;
  /** Quantiles of scores, for a picture of how far the two are apart. */
  readonly scores: { readonly normal: ScoreSummary | null; readonly other: ScoreSummary | null };
  /** How often images with a calibrated probability are normal; null without a calibrator or without both kinds of images. */
  readonly reliability: readonly ReliabilityBin[] | null;
}

/** Of embeddings: whether pairs of images show the same, and which of N images a query shows. Images of the same labels show the same. */
export interface VerificationEvaluation extends Measured {
  readonly kind: 'verification';
  /** How many different ones the images show. */
  readonly identities: number;
  /** Pairs that were compared; fewer than exist where a sample was taken. */
  readonly pairs: {
    readonly same: number;
    readonly different: number;
    readonly existing: { readonly same: number; readonly different: number };
  };
  /** A pair is taken for the same where `distance <= threshold`. */
  readonly threshold: number;
  /** The distance of the equal error rate on these images; null without pairs of both kinds. */
  readonly equalErrorThreshold: number | null;
  /** The share of different pairs that are taken for the same; null without any. */
  readonly falseMatchRate: PairRate | null;
  /** The share of same pairs that are not; null without any. */
  readonly falseNonMatchRate: PairRate | null;
  /** Empty where the images have too few labels. */
  readonly oneShot: readonly OneShotResult[];
  /** Some points of the ROC curve, from (0, 0) to (1, 1); null without pairs of both kinds. */
  readonly roc:
    | readonly {
        readonly falseMatchRate: number;
        readonly trueMatchRate: number;
        readonly falseNonMatchRate: number;
        /** Taken for the same where `distance` is at most this; null at (0, 0). */
        readonly distance: number | null;
      }[]
    | null;
}

/** A share of a number of pairs; the bootstrap interval resamples what they show. */
export interface PairRate {
  readonly value: number;
  readonly interval: Interval | null;
  readonly pairs: number;
}

/** How often the right one of `ways` labels is found by the nearest of `shots` images of each. */
export interface OneShotResult {
  readonly ways: number;
  readonly shots: number;
  /** Drawn at random. */
  readonly tasks: number;
  /** Whether the labels of a task come from one group (an alphabet, say). */
  readonly grouped: boolean;
  readonly accuracy: number;
  /** Wilson's, of 95 %, over tasks drawn from these images. */
  readonly interval: Interval;
  /** By chance: `1 / ways`. */
  readonly floor: number;
}

/** A share of a number of images, with Wilson's interval of 95 %. */
export interface Rate {
  readonly value: number;
  readonly interval: Interval;
  readonly images: number;
}

export interface ScoreSummary {
  readonly minimum: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly maximum: number;
}

export interface BootstrapInfo {
  /** Images are drawn with replacement this many times; the interval spans the percentiles of the values. */
  readonly resamples: number;
  /** The share of resamples inside the interval: .95. */
  readonly level: number;
}

export interface MetricResult {
  /** Unique within the evaluation. */
  readonly name: string;
  /** The metric component and its version, `f1@1`. */
  readonly metric: string;
  readonly options: unknown;
  readonly higherIsBetter: boolean;
  readonly headline: boolean;
  readonly value: number | null;
  /** Bootstrap percentile interval over images, in verification over what they show; null for metrics that are no headline. */
  readonly interval: Interval | null;
  /** The trivial predictor to compare with: the metric's own choice, else the best of them. */
  readonly floor: Floor;
  /** What each trivial predictor reaches on the same images. */
  readonly floors: Readonly<Record<TrivialPredictor, number | null>>;
  /** In the order of `labels`; absent for metrics that have no value by label. */
  readonly perLabel?: readonly (number | null)[];
}

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export interface Floor {
  readonly predictor: TrivialPredictor;
  readonly value: number | null;
}

export interface LabelResult {
  readonly label: string;
  /** Images evaluated here that carry the label. */
  readonly support: number;
  /** Training images that carry the label. */
  readonly trainingSupport: number;
  /** Given where `score >= threshold`. */
  readonly threshold: number;
  /** 0 where the label was never given. */
  readonly precision: number | null;
  /** 0 where no image carries the label. */
  readonly recall: number | null;
  /** 0 where the label was neither given nor there. */
  readonly f1: number | null;
  /** null where no image carries the label. */
  readonly averagePrecision: number | null;
  /** Average precision of equal scores: the share of images that carry the label. */
  readonly averagePrecisionFloor: number | null;
  /** null unless some images carry the label and some do not. */
  readonly auroc: number | null;
}
