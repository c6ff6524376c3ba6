import type { Tensor } from '@tensorflow/tfjs-core';

import type { Context } from '../context/context.js';
import type { Mode, OptimizerModel, TrainingMoment, Weights } from '../plugin/contract.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import type { NdArrays } from '../tensor/nd-array.js';

/** Anything that gradient descent can train: weights, and a loss as a function of them and a batch. */
export interface TrainingTask {
  /** For messages: the branch, say. */
  readonly name: string;
  readonly initial: Weights;
  /** What the objective needs beside weights, and training never changes: no optimizer or checkpoint sees it. */
  readonly constants?: NdArrays;
  /** The mean loss over the batch, a scalar. Part of a program: tfjs ops alone. Several networks' losses may be summed. */
  objective(batch: NamedTensors, weights: NamedTensors, mode: Mode, constants: NamedTensors): Tensor;
  /**
   * Whether the loss of a batch is the mean of its rows' losses, so that an engine may compute it in parts. Default true; see
   * `HeadModel.splittable`.
   */
  readonly splittable?: boolean;
}

/** Where batches come from. The first dimension of every array of a batch counts its samples; batches may differ in size. */
export interface BatchSource {
  /** Samples in an epoch, where known: for progress, and for schedules to know how far an epoch is. */
  readonly samples?: number;
  /** The batches of an epoch; the first epoch is 1. The same epoch must give the same batches. */
  epoch(epoch: number): AsyncIterable<NdArrays> | Iterable<NdArrays>;
}

export interface TrainingOptions {
  /** At most so many passes over the data. */
  readonly epochs: number;
  readonly optimizer: OptimizerModel;
  /** What the learning rate is multiplied with, at every step; within an epoch only where `samples` of the batches is known. */
  schedule?(moment: TrainingMoment): number;
  /** Epochs, or a part of one, in which the learning rate rises in a line from 0; the schedule goes on meanwhile. Default 0. */
  readonly warmup?: number;
  /** The greatest length of all gradients as one vector; longer ones are shortened to it. Default: none. */
  readonly clipNorm?: number;
  /** What the learning rate of a weight is multiplied with besides, by its name; 0 leaves it as it is. Default 1. */
  learningRateFactor?(weight: string): number;
  /** A number that tells how good the weights are on held-out data after each epoch; lower is better. */
  validate?(weights: NdArrays, epoch: number): Promise<number>;
  /** Return the weights of the epoch that validated best instead of the last. Default: true with `validate`. */
  readonly restoreBest?: boolean;
  /** Stop after so many epochs in a row without a better validation. Default: never. */
  readonly patience?: number;
  /** Where every epoch is kept, and what to go on from. Default: nowhere, nothing. */
  readonly checkpoint?: CheckpointStore;
}

export type TrainingServices = Pick<Context, 'engine' | 'random' | 'progress' | 'signal'>;

export interface EpochRecord {
  readonly epoch: number;
  /** Mean over the epoch's samples, each measured in its own step: with dropout, and before the step. */
  readonly loss: number;
  /** Mean over the epoch's steps of the gradient's Euclidean length, before any clipping. */
  readonly gradientNorm: number;
  /** Of the epoch's last step, before factors of single weights. */
  readonly learningRate: number;
  readonly validationLoss?: number;
}

export interface TrainingResult {
  /** All weights, under the names of `initial`. */
  readonly weights: NdArrays;
  /** The epoch whose weights these are. */
  readonly epoch: number;
  readonly history: readonly EpochRecord[];
}

/** Weights, and the epoch at whose end they were so. */
export interface EpochWeights {
  readonly epoch: number;
  readonly weights: NdArrays;
}

/** All that a training run holds at the end of an epoch: from it, the run goes on as if it had never stopped. */
export interface TrainingCheckpoint {
  /** The step's variables: weights, optimizer slots, number of steps. */
  readonly variables: NdArrays;
  /** A record for each epoch done. */
  readonly history: readonly EpochRecord[];
  /** What training would return if it ended here. */
  readonly chosen: EpochWeights;
  /** Without validation: the last weights that have shown a finite loss. */
  readonly good?: EpochWeights;
}

/** Where a training run keeps its last checkpoint. */
export interface CheckpointStore {
  /**
   * The checkpoint to go on from; undefined to begin at the beginning.
   * @throws KINDRED_CHECKPOINT_INVALID if there is one that is damaged or of another run
   */
  read(): Promise<TrainingCheckpoint | undefined>;
  /** Replaces the last one. A failure to write is the store's to tell: training goes on. */
  write(checkpoint: TrainingCheckpoint): Promise<void>;
}
