import type { Logger } from '../context/logger.js';
import type { Progress } from '../context/progress.js';
import type { KindredError } from '../errors/kindred-error.js';
import type { Evaluation } from '../metrics/evaluation.js';
import type { Plugin, Sample } from '../plugin/contract.js';
import type { Drift } from '../precision/drift.js';

/** What a program that embeds Kindred (the command line, a server, a test) provides. */
export interface Host {
  /** Plugins that are there without being looked up, by package name. */
  readonly plugins: Readonly<Record<string, Plugin>>;
  /**
   * Modules whose default exports they are, by package name, for worker threads, which load plugins themselves. Where one is left out, its
   * augmentations run in the calling thread.
   */
  readonly pluginUrls?: Readonly<Record<string, string>>;
  /** Folder for features and downloaded weights. */
  readonly cacheDir: string;
  readonly log: Logger;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface SkippedImage {
  readonly id: string;
  readonly location: string;
  readonly error: KindredError;
}

/** How many samples there were, and what became of them. */
export interface DataSummary {
  readonly samples: number;
  readonly labels: readonly string[];
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** Images among them that are not normal; absent if all are. Those of `train` are seen by what learns from such images, and by nothing else. */
  readonly others?: {
    readonly train: number;
    readonly validation: number;
    readonly test: number;
    /** In no part. */
    readonly unused: number;
  };
  /** Labelled images of other things, which what needs them learns from; absent if there are none. */
  readonly reference?: number;
  /** Byte-identical copies of another image in the set. */
  readonly duplicates: number;
  readonly skipped: readonly SkippedImage[];
}

/** Features of a frozen backbone: read from the store or computed now. */
export interface FeatureSummary {
  readonly fromStore: number;
  readonly computed: number;
}

/** What a frozen backbone was computed in, if not in float32. */
export interface PrecisionSummary {
  readonly name: 'int8';
  /** SHA-256 of the ranges that were measured on training images. */
  readonly calibration: string;
  readonly drift: Drift;
}

export interface EpochSummary {
  readonly epoch: number;
  readonly loss: number;
  /** At the epoch's end. */
  readonly learningRate: number;
  readonly validationLoss?: number;
}

/** One choice of options in a search. */
export interface SearchTrial {
  /** Values by path. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The metric, one value for each seed. */
  readonly values: readonly number[];
  /** null if it could not be fitted. */
  readonly mean: number | null;
  /** Why not. */
  readonly error?: string;
}

/** What a search for options found. */
export interface SearchSummary {
  readonly branch: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** Validation images that the metric was measured on. */
  readonly images: number;
  readonly seeds: readonly number[];
  /** In the order of the lists, the last varying fastest. */
  readonly trials: readonly SearchTrial[];
  /** Which of `trials` was taken: of equal means the first. */
  readonly best: number;
}

/** How a hidden layer that a branch reads answers images of each kind. */
export interface ActivationSummary {
  /** The branch whose head has it, and its name there: `species.relevant`. */
  readonly layer: string;
  readonly neurons: number;
  /** Kinds that have images: those that belong by their part, and all that do not. */
  readonly groups: readonly {
    readonly name: 'training' | 'validation' | 'test' | 'negatives';
    readonly images: number;
    /** The share of neurons above 0 of an image: its mean and standard deviation over the images. */
    readonly active: { readonly mean: number; readonly deviation: number };
  }[];
}

export interface TrainResult {
  /** Absolute path of the bundle. */
  readonly bundle: string;
  readonly data: DataSummary;
  /** Absent if the backbone was trained as well. */
  readonly features?: FeatureSummary;
  /** Absent for float32. */
  readonly precision?: PrecisionSummary;
  /** Absent where none was asked for. The bundle's manifest has the options that were taken. */
  readonly search?: SearchSummary;
  /** By branch; branches without a test part have none. */
  readonly evaluations: Readonly<Record<string, Evaluation>>;
  /** By branch; absent where none reads a hidden layer of another. The bundle has a picture of each as `activations/BRANCH.png`. */
  readonly activations?: Readonly<Record<string, ActivationSummary>>;
  /** By branch, or `a+b` for branches trained together with their backbone: the loss of every epoch. */
  readonly history: Readonly<Record<string, readonly EpochSummary[]>>;
  /** What a person should know: labels too rare for a threshold of their own, say. */
  readonly notes: readonly string[];
}

export interface EvaluateResult {
  readonly samples: number;
  readonly skipped: readonly SkippedImage[];
  readonly evaluations: Readonly<Record<string, Evaluation>>;
}

export interface LabelScore {
  readonly label: string;
  /** Probability in [0, 1]. */
  readonly score: number;
  readonly threshold: number;
  /** `score >= threshold`. */
  readonly chosen: boolean;
}

/** What one branch says of one image. */
export type BranchPrediction =
  | { readonly kind: 'labels'; /** All labels, highest score first. */ readonly labels: readonly LabelScore[] }
  | NoveltyPrediction
  | MatchPrediction;

/** What an embedding says of one image: which of the names in the gallery it is near to. */
export interface MatchPrediction {
  readonly kind: 'match';
  /** All names, the nearest first; empty without a gallery. */
  readonly matches: readonly Match[];
  readonly threshold: number;
}

export interface Match {
  readonly name: string;
  /** To the nearest image of the name. */
  readonly distance: number;
  /** `distance <= threshold`. */
  readonly same: boolean;
}

/** What a detector says of one image. */
export interface NoveltyPrediction {
  readonly kind: 'novelty';
  /** Higher is more normal. */
  readonly score: number;
  readonly threshold: number;
  /** `score >= threshold`. */
  readonly normal: boolean;
  /** The chance that the image is normal: of a head that learned it, or calibrated; absent without a calibrator. */
  readonly probability?: number;
  /** The branch whose answer it judges, because it reads that one's layers: for an image that is not normal, the answer means nothing. */
  readonly of?: string;
}

export type Prediction =
  | { readonly sample: Sample; readonly branches: Readonly<Record<string, BranchPrediction>> }
  | { readonly sample: Sample; readonly error: KindredError };

/** A bundle made ready for use. */
export interface Predictor {
  readonly name: string;
  readonly branches: readonly string[];
  /** Branches that were fitted to what another gave before it was trained again: their answers mean nothing until they are trained, too. */
  readonly stale: readonly string[];
  /** Streams: results come in the order of the samples; an image that cannot be read gives an error, and the rest go on. */
  predict(samples: AsyncIterable<Sample> | Iterable<Sample>): AsyncGenerator<Prediction>;
  dispose(): Promise<void>;
}
