import type { Tensor } from '@tensorflow/tfjs-core';

import type { Context } from '../context/context.js';
import type { Mode, OptimizerModel, Weights } from '../plugin/contract.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import type { NdArrays } from '../tensor/nd-array.js';

/** Anything that gradient descent can train: weights, and a loss as a function of them and a batch. */
export interface TrainingTask {
  /** For messages: the branch, say. */
  readonly name: string;
  readonly initial: Weights;
  /** The mean loss over the batch, a scalar. Part of a program: tfjs ops alone. Several networks' losses may be summed. */
  objective(batch: NamedTensors, weights: NamedTensors, mode: Mode): Tensor;
  /**
   * Whether the loss of a batch is the mean of its rows' losses, so that an engine may compute it in parts. Default true; see
   * `HeadModel.splittable`.
   */
  readonly splittable?: boolean;
}

/** Where batches come from. The first dimension of every array of a batch counts its samples; batches may differ in size. */
export interface BatchSource {
  /** Samples in an epoch, where known; for progress alone. */
  readonly samples?: number;
  /** The batches of an epoch; the first epoch is 1. The same epoch must give the same batches. */
  epoch(epoch: number): AsyncIterable<NdArrays> | Iterable<NdArrays>;
}

export interface TrainingOptions {
  /** At most so many passes over the data. */
  readonly epochs: number;
  readonly optimizer: OptimizerModel;
  /** A number that tells how good the weights are on held-out data after each epoch; lower is better. */
  validate?(weights: NdArrays, epoch: number): Promise<number>;
  /** Return the weights of the epoch that validated best instead of the last. Default: true with `validate`. */
  readonly restoreBest?: boolean;
  /** Stop after so many epochs in a row without a better validation. Default: never. */
  readonly patience?: number;
}

export type TrainingServices = Pick<Context, 'engine' | 'random' | 'progress' | 'signal'>;

export interface EpochRecord {
  readonly epoch: number;
  /** Mean over the epoch's samples, each measured in its own step: with dropout, and before the step. */
  readonly loss: number;
  /** Mean over the epoch's steps of the gradient's Euclidean length. */
  readonly gradientNorm: number;
  readonly validationLoss?: number;
}

export interface TrainingResult {
  /** All weights, under the names of `initial`. */
  readonly weights: NdArrays;
  /** The epoch whose weights these are. */
  readonly epoch: number;
  readonly history: readonly EpochRecord[];
}
