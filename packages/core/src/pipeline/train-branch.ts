import type { Tensor } from '@tensorflow/tfjs-core';

import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import type { Context } from '../context/context.js';
import { KindredError } from '../errors/kindred-error.js';
import { call, type Bound } from '../plugin/bound.js';
import type { Fitted, HeadSpec, Scored, Thresholds } from '../plugin/contract.js';
import { float32, type NdArray, type NdArrays } from '../tensor/nd-array.js';
import type { TrainingDivergedError } from '../training/finite.js';
import { memoryBatches } from '../training/memory-batches.js';
import type { EpochRecord } from '../training/task.js';

import { branchStage, headModel, transformsStage } from './compose.js';
import { contextFor } from './open-scope.js';
import type { BranchPlan } from './plan.js';
import { runStage } from './run-stages.js';
import type { BranchState } from './state.js';
import { trainTask, type TaskResult } from './train-task.js';

/** Features `[N, D]` and targets `[N, L]` of one part of the split. */
export interface FeaturePart {
  readonly x: NdArray<'float32'>;
  readonly y: NdArray<'uint8'>;
}

export interface BranchInput {
  readonly labels: readonly string[];
  readonly train: FeaturePart;
  readonly validation: FeaturePart;
  /** Absent for branches without a head. */
  readonly spec?: HeadSpec;
  /** The head's weights, where it was trained together with the backbone. */
  readonly weights?: NdArrays;
}

export interface TrainedBranch {
  readonly state: BranchState;
  readonly history: readonly EpochRecord[];
  readonly notes: readonly string[];
  /** Why training ended early; the state is that of an earlier epoch. */
  readonly diverged?: TrainingDivergedError | undefined;
}

/** Fits everything in a branch, first to last: transforms, head or detector, calibrator, thresholds. */
export async function trainBranch(scope: Scope, branch: BranchPlan, input: BranchInput): Promise<TrainedBranch> {
  const ctx = await contextFor(scope, `branch ${branch.name}`);
  const transforms: Fitted[] = [];
  for (const bound of branch.transforms) {
    const x = await transformed(branch, transforms, input.train.x, ctx);
    transforms.push(await call(bound, 'fit', (c, options) => c.fit(options, { ...input.train, x }, ctx), ctx.signal));
  }
  const parts = {
    train: { ...input.train, x: await transformed(branch, transforms, input.train.x, ctx) },
    validation: { ...input.validation, x: await transformed(branch, transforms, input.validation.x, ctx) },
  };

  const history: EpochRecord[] = [];
  let diverged: TrainingDivergedError | undefined;
  let state: BranchState = { transforms };
  if (branch.head && input.spec) {
    const [, features = 1] = parts.train.x.shape;
    const spec = { ...input.spec, features };
    const joint: TaskResult | undefined = input.weights && { weights: input.weights, history: [], epoch: 0 };
    const trained = joint ?? (await trainHead(scope, branch, parts, spec, ctx));
    history.push(...trained.history);
    diverged = trained.diverged;
    state = { ...state, head: { spec, weights: trained.weights } };
  }
  const { detector } = branch;
  if (detector) {
    const fitted = await call(detector, 'fit', (c, options) => c.fit(options, { x: parts.train.x }, ctx), ctx.signal);
    state = { ...state, detector: fitted };
  }
  state = await calibrated(branch, state, input, ctx);
  if (branch.head) state = { ...state, thresholds: await chosenThresholds(branch, state, input, ctx) };
  return { state, history, notes: state.thresholds?.notes ?? [], diverged };
}

/** Scores of a branch for features that no component has seen yet. */
export async function branchScores(
  branch: BranchPlan,
  state: BranchState,
  x: NdArray<'float32'>,
  ctx: Context,
): Promise<NdArray<'float32'>> {
  return runStage(branch.name, await branchStage(branch, state, ctx), x, ctx.engine, ctx.signal);
}

async function transformed(
  branch: BranchPlan,
  fitted: readonly Fitted[],
  x: NdArray<'float32'>,
  { engine, signal }: Context,
): Promise<NdArray<'float32'>> {
  if (fitted.length === 0 || x.shape[0] === 0) return x;
  return runStage(`${branch.name}.transforms`, transformsStage(branch, fitted), x, engine, signal);
}

async function trainHead(
  scope: Scope,
  branch: BranchPlan,
  { train, validation }: { readonly train: FeaturePart; readonly validation: FeaturePart },
  spec: HeadSpec,
  ctx: Context,
) {
  const { batchSize } = scope.resolve(PLAN).manifest.training;
  const model = await headModel(branch, spec, ctx);
  const initial = await call(branch.head as Bound<'head'>, 'init', () =>
    model.network.init(ctx.random.fork('weights')),
  );
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
      train: memoryBatches(train, { batchSize, random: ctx.random.fork('shuffle') }),
      ...(validation.x.shape[0] !== 0 && { validation: memoryBatches(validation, { batchSize: 1024 }) }),
    },
    ctx,
  );
}

async function calibrated(
  branch: BranchPlan,
  state: BranchState,
  { validation }: BranchInput,
  ctx: Context,
): Promise<BranchState> {
  const { calibrator } = branch;
  if (!calibrator) return state;
  requireHeldOut(validation, `the calibrator ${calibrator.component.name} of branch '${branch.name}'`);
  const { calibrator: _, ...uncalibrated } = branch;
  const x = await branchScores(uncalibrated, state, validation.x, ctx);
  const data = { x, y: validation.y };
  const fitted = await call(calibrator, 'fit', (c, options) => c.fit(options, data, ctx), ctx.signal);
  return { ...state, calibrator: fitted };
}

/** From an even chance on, where the manifest names no way to choose. */
const EVEN = 0.5;

async function chosenThresholds(
  branch: BranchPlan,
  state: BranchState,
  { labels, validation }: BranchInput,
  ctx: Context,
): Promise<Thresholds> {
  const { threshold } = branch;
  if (!threshold) return { values: labels.map(() => EVEN), notes: [] };
  if (threshold.component.tags?.needsHeldOut)
    requireHeldOut(validation, `the thresholds ${threshold.component.name} of branch '${branch.name}'`);
  const empty = validation.x.shape[0] === 0;
  const scores = empty ? float32([0, labels.length]) : await branchScores(branch, state, validation.x, ctx);
  const scored: Scored = { labels, scores, targets: validation.y };
  const chosen = await call(threshold, 'choose', (component, options) => component.choose(options, scored));
  if (chosen.values.length === labels.length && chosen.values.every(Number.isFinite)) return chosen;
  throw new KindredError('KINDRED_PLUGIN_RESULT', {
    message: `The thresholds ${threshold.component.name} must give one finite value for each of ${labels.length} labels. Got ${chosen.values.length}.`,
    received: chosen.values,
  });
}

function requireHeldOut(validation: FeaturePart, who: string): void {
  if (validation.x.shape[0] !== 0) return;
  throw new KindredError('KINDRED_CALIBRATION_DATA', {
    message: `Held-out samples are needed by ${who}. The validation part is empty.`,
    path: 'data.split.validation',
    hint: 'Give "validation" in "data.split" a share.',
  });
}
