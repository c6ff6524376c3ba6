import type { Tensor } from '@tensorflow/tfjs-core';

import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import type { Context } from '../context/context.js';
import { call, type Bound } from '../plugin/bound.js';
import type { FitData, Fitted, HeadSpec } from '../plugin/contract.js';
import { float32, type NdArray, type NdArrays } from '../tensor/nd-array.js';
import type { TrainingDivergedError } from '../training/finite.js';
import { memoryBatches } from '../training/memory-batches.js';
import { sampledRows } from '../training/row-order.js';
import type { EpochRecord } from '../training/task.js';

import type { FeaturePart } from './branch-data.js';
import { headModel, transformsStage } from './branch-stage.js';
import { choose, requireHeldOut } from './choose-thresholds.js';
import { contextFor } from './open-scope.js';
import type { BranchPlan } from './plan.js';
import { runBranch } from './run-branch.js';
import { runStage } from './run-stage.js';
import type { Stage } from './stage.js';
import type { BranchState } from './state.js';
import { trainTask, type TaskResult } from './train-task.js';

export interface BranchInput {
  /** Names of the score columns. */
  readonly labels: readonly string[];
  readonly train: FeaturePart;
  readonly validation: FeaturePart;
  /** Absent for branches without a head. */
  readonly spec?: HeadSpec | undefined;
  /** The head's weights, where it was trained together with the backbone. */
  readonly weights?: NdArrays | undefined;
}

export interface TrainedBranch {
  readonly state: BranchState;
  readonly history: readonly EpochRecord[];
  readonly notes: readonly string[];
  /** Why training ended early; the state is that of an earlier epoch. */
  readonly diverged?: TrainingDivergedError | undefined;
}

const NOTHING_TO_LEARN = 'The head has no weights: it takes features as they are, and nothing was trained.';

/** A head's weights, found by descent or by its own means. */
interface HeadResult extends TaskResult {
  readonly notes?: readonly string[];
}

type EstimatorKind = 'transform' | 'detector' | 'calibrator';

/** Fits everything in a branch, first to last: transforms, head or detector, calibrator, thresholds. */
export async function trainBranch(scope: Scope, branch: BranchPlan, input: BranchInput): Promise<TrainedBranch> {
  const ctx = await contextFor(scope, `branch ${branch.name}`);
  const notes: string[] = [];
  const fit = async (bound: Bound<EstimatorKind>, data: FitData): Promise<Fitted> => {
    const fitted = await call(bound, 'fit', (c, options) => c.fit(options, data, ctx), ctx.signal);
    notes.push(...(fitted.notes ?? []));
    return { tensors: fitted.tensors, json: fitted.json };
  };

  const transforms: Fitted[] = [];
  for (const bound of branch.transforms) {
    const x = await transformed(branch, transforms, input.train.x, ctx);
    transforms.push(await fit(bound, { ...input.train, x, labels: input.labels }));
  }
  const train = { ...input.train, x: await transformed(branch, transforms, input.train.x, ctx) };
  let state: BranchState = { transforms };
  let trained: HeadResult | undefined;
  if (branch.head && input.spec) {
    const spec = { ...input.spec, features: train.x.shape[1] ?? 1 };
    const joint: TaskResult | undefined = input.weights && { weights: input.weights, history: [], epoch: 0 };
    const validation = { ...input.validation, x: await transformed(branch, transforms, input.validation.x, ctx) };
    trained = joint ?? (await trainHead(scope, branch, { train, validation }, spec, ctx));
    notes.push(...(trained.notes ?? []));
    state = { ...state, head: { spec, weights: trained.weights } };
  }
  if (branch.detector) state = { ...state, detector: await fit(branch.detector, { x: train.x }) };
  if (branch.calibrator)
    state = { ...state, calibrator: await fit(branch.calibrator, await heldOut(branch, state, input, ctx)) };
  const thresholds = await choose(branch, state, input, ctx);
  notes.push(...thresholds.notes);
  return { state: { ...state, thresholds }, history: trained?.history ?? [], notes, diverged: trained?.diverged };
}

/** What a calibrator is fitted to: what the branch gives for held-out images, before any calibration. */
async function heldOut(
  branch: BranchPlan,
  state: BranchState,
  { labels, validation }: BranchInput,
  ctx: Context,
): Promise<FitData> {
  const { component } = branch.calibrator as Bound<'calibrator'>;
  if (component.tags?.needsHeldOut) {
    requireHeldOut(validation, `the calibrator ${component.name} of branch '${branch.name}'`);
  }
  const empty = validation.x.shape[0] === 0;
  const x = empty ? float32([0, labels.length]) : (await runBranch(branch, state, validation.x, ctx)).raw;
  return { x, y: validation.y, labels };
}

async function transformed(
  branch: BranchPlan,
  fitted: readonly Fitted[],
  x: NdArray<'float32'>,
  ctx: Context,
): Promise<NdArray<'float32'>> {
  if (fitted.length === 0 || x.shape[0] === 0) return x;
  const stage = transformsStage(branch, fitted);
  const runnable = {
    constants: stage.constants,
    apply: (...given: Parameters<Stage['apply']>) => ({ output: stage.apply(...given) }),
  };
  return (await runStage(`${branch.name}.transforms`, runnable, x, ctx)).output;
}

async function trainHead(
  scope: Scope,
  branch: BranchPlan,
  { train, validation }: { readonly train: FeaturePart; readonly validation: FeaturePart },
  spec: HeadSpec,
  ctx: Context,
): Promise<HeadResult> {
  const { batchSize } = scope.resolve(PLAN).manifest.training;
  const model = await headModel(branch, spec, ctx);
  const head = branch.head as Bound<'head'>;
  if (model.solve) {
    const data = { ...train, labels: spec.labels };
    const solved = await call(head, 'solve', () => model.solve?.(data, ctx), ctx.signal);
    return { weights: solved?.weights ?? {}, history: [], epoch: 0, notes: solved?.notes ?? [] };
  }
  const initial = await call(head, 'init', () => model.network.init(ctx.random.fork('weights')));
  // Such as an embedding that is the features as they are.
  if (Object.keys(initial).length === 0) return { weights: {}, history: [], epoch: 0, notes: [NOTHING_TO_LEARN] };
  const order = (part: FeaturePart, stream: string) =>
    sampledRows(model, { name: branch.name, targets: part.y, batchSize, random: ctx.random.fork(stream) });
  const [trained, held] = [order(train, 'shuffle'), order(validation, 'validation order')];
  return trainTask(
    scope,
    {
      name: branch.name,
      initial,
      splittable: model.splittable ?? true,
      objective: ({ x, y }, weights, mode) =>
        model.loss(model.network.forward(weights, x as Tensor, mode), y as Tensor, weights),
    },
    {
      train: memoryBatches(train, { batchSize, random: ctx.random.fork('shuffle'), order: trained }),
      ...(validation.x.shape[0] !== 0 && {
        // Without an order the size of a batch does not matter to the loss.
        validation: memoryBatches(validation, { batchSize: held ? batchSize : 1024, order: held }),
      }),
    },
    ctx,
  );
}
