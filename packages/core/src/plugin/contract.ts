/**
 * The whole plugin contract. A plugin is `definePlugin({ name, apiVersion, components })`; a component fills one slot
 * of a pipeline. Everything here is structural: a plugin built against another copy of this package works all the same.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { z } from 'zod';

import type { Context } from '../context/context.js';
import type { Random } from '../context/random.js';
import type { TrivialPredictor } from '../metrics/evaluation.js';
import type { NdArray, NdArrays } from '../tensor/nd-array.js';

import type { Engine, NamedTensors } from './engine-contract.js';
import type { ComponentInfo, ComponentKind } from './component-info.js';
import type { Augmentation, Dataset, ImageSpec } from './data-contract.js';

export * from './component-info.js';
export type * from './data-contract.js';

// ------------------------------------------------------------------------------------------------------------ networks

/** A weight's initial value; `trainable: false` for statistics and frozen weights. Default true. */
export interface Weight {
  readonly value: NdArray<'float32'>;
  readonly trainable?: boolean;
}
export type Weights = Readonly<Record<string, Weight>>;

/** What a forward pass may ask for while it is built. */
export interface Mode {
  readonly training: boolean;
  /** Sets a share `rate` of `x` to zero and scales the rest by `1 / (1 - rate)`; the identity outside of training. */
  dropout(x: Tensor, rate: number): Tensor;
  /** Stores a new value of a weight that is not trained by gradient (a moving average). Ignored outside of training. */
  update(weight: string, value: Tensor): void;
}

/** Trainable layers as a pure function over tfjs tensors: it can run, be differentiated, traced and exported. */
export interface Network {
  /** Values before training, drawn from `random`. Names are the lasting names in saved state. */
  init(random: Random): Weights;
  /** `weights` hold one tensor for each name of `init`. Only tfjs ops; no data-dependent shapes, no `dataSync`. */
  forward(weights: NamedTensors, x: Tensor, mode: Mode): Tensor;
}

export interface BackboneModel {
  readonly input: ImageSpec;
  /** Length D of the feature of one image. */
  readonly features: number;
  /** Whether its weights change in training. A frozen backbone's features are stored and read again. */
  readonly trainable: boolean;
  /** Hash over weights, preprocessing and tap: with the image's own hash, the key of a stored feature. */
  readonly fingerprint: string;
  /** Where the given weights came from, for the bundle's lock file; absent if there are none. */
  readonly source?: string;
  /**
   * The first layers, where training changes only what follows: what they give for an image may be stored and read in every
   * epoch. `network` then starts where they end.
   */
  readonly stem?: BackboneStem;
  /** int32 `[N, H, W, C]` of 0..255 in, or what `stem` gives if there is one; float32 `[N, D]` out. Pixel scaling is part of it. */
  readonly network: Network;
}

/** The frozen first part of a backbone whose rest is trained. */
export interface BackboneStem {
  /** int32 `[N, H, W, C]` of 0..255 in, float32 `[N, ...shape]` out. None of its weights is trained. */
  readonly network: Network;
  readonly shape: readonly number[];
  /** Hash over its weights and preprocessing: with the image's own hash, the key of what it gave. */
  readonly fingerprint: string;
}

export interface Backbone<Schema extends z.ZodType = z.ZodType> extends ComponentInfo<'backbone', Schema> {
  create(options: z.output<Schema>, ctx: Context): Promise<BackboneModel>;
}

/** What a head knows of the training set before it sees features. It is saved with the head's state. */
export interface HeadSpec {
  /** Length D of a feature. */
  readonly features: number;
  readonly labels: readonly string[];
  /** Training samples in all. */
  readonly samples: number;
  /** Training samples that carry each label. */
  readonly positives: readonly number[];
}

/** What core trains: a network over features and its loss. */
export interface TrainableHead {
  /**
   * float32 features `[N, D]` in; logits `[N, L]`, or embeddings `[N, E]` out. Its layers that are named with `withLayer` can be read by
   * other branches: `"from": "branch.layer"`.
   */
  readonly network: Network;
  /** Mean loss over the batch, a scalar, penalties on `weights` included. `targets` are float32 `[N, L]` of 0 and 1. */
  loss(output: Tensor, targets: Tensor, weights: NamedTensors): Tensor;
  /**
   * Whether the loss of a batch is the mean of what its rows give one by one, beside penalties on weights alone. Default true.
   * A loss that relates rows to each other (contrastive, ranking, a statistic of the batch) must say false: batches of
   * others are divided among workers where that is faster, and losses and gradients of the parts averaged.
   */
  readonly splittable?: boolean;
  /**
   * The rows of an epoch, in the order in which batches are cut from them: a sampler of pairs, of triplets, of balanced classes. Rows may
   * come several times or not at all; a multiple of `batchSize` leaves no smaller batch. `targets` are those of the training part,
   * `[N, L]`. Left out: every row once, shuffled.
   * @throws KINDRED_DATA_PAIRS if such batches cannot be formed
   */
  order?(targets: NdArray<'uint8'>, batchSize: number, random: Random): readonly number[];
  /**
   * Finds the weights of `network` itself, in place of gradient descent by core (a convex problem, say). It must not change what it is
   * given; `notes` are told to a person.
   */
  solve?(data: FitData, ctx: Context): Promise<SolvedHead>;
}

export interface SolvedHead {
  /** By the names of the network's `init`. */
  readonly weights: NdArrays;
  readonly notes?: readonly string[];
}

/** A head that gives logits of labels, or of the one label `normal`. */
export interface LabelHeadModel extends TrainableHead {
  /** Probabilities `[N, L]` of logits `[N, L]`. */
  probabilities(logits: Tensor): Tensor;
}

/** A head that gives embeddings, of a component with the tag `embedding`. */
export interface EmbeddingHeadModel extends TrainableHead {
  /** Distances `[N, M]` between embeddings `[N, E]` and `[M, E]`, none below 0: the smaller, the more likely both show the same. */
  distances(weights: NamedTensors, a: Tensor, b: Tensor): Tensor;
}

export type HeadModel = LabelHeadModel | EmbeddingHeadModel;

export interface Head<Schema extends z.ZodType = z.ZodType> extends ComponentInfo<'head', Schema> {
  create(options: z.output<Schema>, spec: HeadSpec, ctx: ComponentsContext): HeadModel;
}

/** Access to the components that options refer to (see `componentOption`). */
export interface ComponentsContext {
  /**
   * The loss that a filled reference `{ use, ...options }` names.
   * @throws KINDRED_MANIFEST_VALUE if it is not a loss of `of`, by default of logits
   */
  loss(reference: ComponentReference, of?: LossInput): LossFunction;
  /** What that loss is a function of. */
  lossInput(reference: ComponentReference): LossInput;
}

/** A component reference after filling: `use` may carry a version, the other keys are its options. */
export interface ComponentReference {
  readonly use: string;
  readonly [option: string]: unknown;
}

// ---------------------------------------------------------------------------------------------------------- estimators

/** What a component learned: named arrays and plain JSON, nothing executable. */
export interface Fitted<Json extends object = object> {
  readonly tensors: NdArrays;
  readonly json: Json;
  /** What a person should know of the fit (components left out, no convergence): sentences, told once and not saved with the state. */
  readonly notes?: readonly string[];
}

/** What `apply` gets: the options, and the fitted state with its arrays as tensors. */
export interface Applied<Options, Json> {
  readonly options: Options;
  readonly tensors: NamedTensors;
  readonly json: Json;
}

export interface FitData {
  /** Features `[N, D]`. */
  readonly x: NdArray<'float32'>;
  /** Label matrix `[N, L]` of 0 and 1, where labels exist. */
  readonly y?: NdArray<'uint8'>;
  /** Names of the columns of `y`, for messages. */
  readonly labels?: readonly string[];
}

/** fit is pure: options are never changed, the state is returned. apply uses tfjs ops alone. */
export interface Estimator<Schema extends z.ZodType, Json extends object> {
  fit(options: z.output<Schema>, data: FitData, ctx: Context): Promise<Fitted<Json>>;
  apply(state: Applied<z.output<Schema>, Json>, x: Tensor): Tensor;
}

/** Features `[N, D]` in, features `[N, E]` out. */
export interface Transform<Schema extends z.ZodType = z.ZodType, Json extends object = object>
  extends ComponentInfo<'transform', Schema>, Estimator<Schema, Json> {}

/** Features `[N, D]` in, scores `[N]` out; a higher score is more normal. Fitted on normal images alone. */
export interface Detector<Schema extends z.ZodType = z.ZodType, Json extends object = object>
  extends ComponentInfo<'detector', Schema>, Estimator<Schema, Json> {
  /**
   * The score from which on the detector itself takes an image for normal, because an option says what share of the training images it
   * leaves outside (nu, contamination): 0 for a decision function. Left out: its scores have no boundary of their own.
   */
  readonly boundary?: number;
}

/**
 * Calibrated probabilities `[N, L]` of a head's logits `[N, L]`, or of a detector's scores `[N, 1]`: the chance that the image is normal.
 * Fitted on held-out images, `y` being 1 where the label is true or the image is normal.
 */
export interface Calibrator<Schema extends z.ZodType = z.ZodType, Json extends object = object>
  extends ComponentInfo<'calibrator', Schema>, Estimator<Schema, Json> {}

// ---------------------------------------------------------------------------------------- thresholds, losses, training

/** Scores beside the truth, row-major: what thresholds and metrics are computed from. */
export interface Scored {
  readonly labels: readonly string[];
  /** `[N, L]`: a head's probabilities, or a detector's scores, which may be any finite numbers, under the one label `normal`. */
  readonly scores: NdArray<'float32'>;
  /** `[N, L]` of 0 and 1. Of a detector all may be 1: there need not be images that are not normal. */
  readonly targets: NdArray<'uint8'>;
  /** The score of a detector's own boundary, if it has one. */
  readonly boundary?: number;
}

export interface Thresholds {
  /** One for each label: the label is given where `score >= threshold`. */
  readonly values: readonly number[];
  /** What a person should know, for example a label for which the validation set had no positives. */
  readonly notes: readonly string[];
}

export interface Threshold<Schema extends z.ZodType = z.ZodType> extends ComponentInfo<'threshold', Schema> {
  /** Chooses thresholds on held-out scores. */
  choose(options: z.output<Schema>, validation: Scored): Thresholds;
}

/**
 * What a loss is a function of. `logits`: logits `[N, L]` and targets `[N, L]` of 0 and 1. `distances`: the distances `[P]` of pairs, and
 * `[P]` which is 1 where both show the same. `triplets`: the distances `[T, 2]` of an anchor to its positive and to its negative,
 * and `[T, 2]` of 1 and 0.
 */
export type LossInput = 'logits' | 'distances' | 'triplets';

/** The loss of each element: `[N, L]` of logits, `[P]` of pairs, `[T]` of triplets. */
export type LossFunction = (output: Tensor, targets: Tensor) => Tensor;

export interface Loss<Schema extends z.ZodType = z.ZodType> extends ComponentInfo<'loss', Schema> {
  /** Default `logits`. */
  readonly of?: LossInput;
  create(options: z.output<Schema>): LossFunction;
}

export interface OptimizerUpdate {
  readonly weight: Tensor;
  readonly gradient: Tensor;
  /** One tensor of the weight's shape for each name of `slots`. */
  readonly slots: NamedTensors;
  /** Scalar float32: 1 in the first step. */
  readonly step: Tensor;
  /** Scalar float32, after any schedule. */
  readonly learningRate: Tensor;
}

export interface OptimizerModel {
  readonly learningRate: number;
  /** Names of the slots each weight needs; they start at zero. */
  readonly slots: readonly string[];
  /** tfjs ops alone: it becomes part of the compiled step. */
  update(state: OptimizerUpdate): { weight: Tensor; slots: NamedTensors };
}

export interface Optimizer<Schema extends z.ZodType = z.ZodType> extends ComponentInfo<'optimizer', Schema> {
  create(options: z.output<Schema>): OptimizerModel;
}

/** Where a training run stands at a step. */
export interface TrainingMoment {
  /** Epochs done, with the part of the present one: 0 at the first step, 2.5 in the middle of the third. */
  readonly position: number;
  readonly epochs: number;
  /** Losses of the epochs done, on held-out images; NaN for epochs without. */
  readonly validationLosses: readonly number[];
}

export interface Schedule<Schema extends z.ZodType = z.ZodType> extends ComponentInfo<'schedule', Schema> {
  /** What the learning rate is multiplied with at a moment: a pure function, so that a resumed run goes on as if it had never stopped. */
  create(options: z.output<Schema>): (moment: TrainingMoment) => number;
}

// -------------------------------------------------------------------------------------------------------------- metrics

export interface MetricInput extends Scored {
  /** `[N, L]` of 0 and 1: scores at the thresholds. */
  readonly decisions: NdArray<'uint8'>;
}

export interface MetricValue {
  /** NaN where it is not defined (no positives, say). */
  readonly value: number;
  /** One for each label, NaN where not defined; absent for metrics that have none. */
  readonly perLabel?: readonly number[];
}

export interface Metric<Schema extends z.ZodType = z.ZodType> extends ComponentInfo<'metric', Schema> {
  readonly higherIsBetter: boolean;
  /** Whether reports give it a bootstrap interval and list it first. */
  readonly headline?: boolean;
  /** The trivial predictor that reports compare it with. Left out: whichever scores best, the hardest to beat. */
  readonly floor?: TrivialPredictor;
  compute(options: z.output<Schema>, input: MetricInput): MetricValue;
  /**
   * A faster `compute` for bootstrap samples: prepares once (sorts, say), then gives the value of the sample in which image `i`
   * was drawn `counts[i]` times. Left out: images are copied as drawn and `compute` is called.
   */
  resample?(options: z.output<Schema>, input: MetricInput): (counts: Uint32Array) => number;
}

// --------------------------------------------------------------------------------------------------- engines, services

export interface EngineComponent<Schema extends z.ZodType = z.ZodType> extends ComponentInfo<'engine', Schema> {
  create(options: z.output<Schema>, ctx: Context): Promise<Engine>;
}

/** Replaces one of the services that `ctx` hands out, by its name there (`featureStore`). */
export interface Service<Schema extends z.ZodType = z.ZodType> extends ComponentInfo<'service', Schema> {
  create(options: z.output<Schema>, ctx: Context): Promise<object>;
}

// -------------------------------------------------------------------------------------------------------------- plugins

export interface ComponentByKind {
  dataset: Dataset;
  augmentation: Augmentation;
  backbone: Backbone;
  transform: Transform;
  head: Head;
  detector: Detector;
  calibrator: Calibrator;
  threshold: Threshold;
  loss: Loss;
  optimizer: Optimizer;
  schedule: Schedule;
  metric: Metric;
  engine: EngineComponent;
  service: Service;
}
export type Component = ComponentByKind[ComponentKind];

export interface Plugin {
  /** The npm package's name, or a file's. */
  readonly name: string;
  readonly apiVersion: number;
  readonly components: readonly Component[];
}
