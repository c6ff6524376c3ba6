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

export interface Evaluation {
  readonly format: 1;
  readonly kind: 'multi-label';
  /** Images the values are computed from. */
  readonly samples: number;
  /** Mean number of true labels an image. */
  readonly labelsPerSample: number;
  /** How the intervals were made; null if there are none. */
  readonly bootstrap: BootstrapInfo | null;
  /** In the order they were asked for. */
  readonly metrics: readonly MetricResult[];
  /** One for each label, in the order of the score columns. */
  readonly labels: readonly LabelResult[];
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
  /** Bootstrap percentile interval over images; null for metrics that are no headline. */
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
