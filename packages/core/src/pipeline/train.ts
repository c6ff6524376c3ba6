import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import { learnableLabels } from '../data/one-class/normal-samples.js';
import type { EpochSummary, TrainResult } from '../host/types.js';
import type { Evaluation } from '../metrics/evaluation.js';
import type { BackboneModel, Sample } from '../plugin/contract.js';
import type { TrainingDivergedError } from '../training/finite.js';

import { createBackbone } from './backbone.js';
import { branchLabels, branchPart, normalFlags, requireNamedNormal } from './branch-data.js';
import { inOrder } from './branch-order.js';
import { checkPrecision } from './calibrate.js';
import { dataSummary } from './data-summary.js';
import { evaluateBranch } from './evaluate-branch.js';
import { loadDataset } from './load-data.js';
import { contextFor } from './open-scope.js';
import { prepare, type Prepared } from './prepare.js';
import { branchInput } from './run-branch.js';
import type { BranchState, PipelineState } from './state.js';
import { trainBranch, type TrainedBranch } from './train-branch.js';

/** What training made: the state to save, and what to tell of it. */
export interface TrainedPipeline {
  readonly state: PipelineState;
  readonly model: BackboneModel;
  readonly hashes: readonly string[];
  readonly samples: readonly Sample[];
  readonly result: Omit<TrainResult, 'bundle'>;
  /** Why training ended early; the state is that of an earlier epoch. */
  readonly diverged?: TrainingDivergedError | undefined;
}

/** Trains everything that the manifest's branches need, and measures it on the test part. Writes nothing but features. */
export async function trainPipeline(scope: Scope): Promise<TrainedPipeline> {
  const plan = scope.resolve(PLAN);
  const dataset = await loadDataset(scope, plan.dataset);
  const labels = learnableLabels(dataset, plan.manifest.data.oneClass);
  requireNamedNormal(plan, dataset);
  const model = await createBackbone(scope);
  await checkPrecision(scope, model);
  const prepared = await prepare(scope, model, { dataset, labels });
  const { usable, joint } = prepared;
  const { trained, evaluations } = await trainBranches(scope, prepared, labels);

  const inBranches = <T>(pick: (branch: TrainedBranch) => T) =>
    Object.fromEntries(Object.entries(trained).map(([name, branch]) => [name, pick(branch)]));
  const history: Record<string, readonly EpochSummary[]> = joint
    ? { ...inBranches((branch) => branch.history), [joint.name]: joint.history }
    : inBranches((branch) => branch.history);
  const { branches } = plan;
  return {
    diverged: joint?.diverged ?? Object.values(trained).find((branch) => branch.diverged)?.diverged,
    model,
    hashes: usable.hashes,
    samples: usable.samples,
    state: {
      labels,
      branches: inBranches((branch): BranchState => branch.state),
      ...(joint && { backbone: joint.backbone }),
      ...(prepared.calibration && { calibration: prepared.calibration }),
    },
    result: {
      data: dataSummary(dataset, prepared, normalFlags(plan, usable.samples, labels)),
      ...(prepared.summary && { features: prepared.summary }),
      ...(prepared.precision && { precision: prepared.precision }),
      evaluations,
      history: Object.fromEntries(Object.entries(history).filter(([, epochs]) => epochs.length > 0)),
      notes: branches.flatMap(
        ({ name }) => trained[name]?.notes.map((note) => (branches.length > 1 ? `${name}: ${note}` : note)) ?? [],
      ),
    },
  };
}

/** Trains and measures each branch, after the one that it reads from; results are in the manifest's order. */
async function trainBranches(scope: Scope, prepared: Prepared, labels: readonly string[]) {
  const plan = scope.resolve(PLAN);
  const { usable, features, split, specs, joint } = prepared;
  const normal = normalFlags(plan, usable.samples, labels);
  const states: Record<string, BranchState> = {};
  const trained: Record<string, TrainedBranch> = {};
  const evaluations: Record<string, Evaluation> = {};
  for (const branch of inOrder(plan.branches)) {
    const { name } = branch;
    const ctx = await contextFor(scope, `evaluate ${name}`);
    const x = await branchInput(branch, features, { branches: plan.branches, states }, ctx);
    const known = { samples: usable.samples, features: x, normal, labels };
    const fitted = await trainBranch(scope, branch, {
      labels: branchLabels(branch, labels),
      train: branchPart(branch, known, split.train),
      validation: branchPart(branch, known, split.validation),
      spec: specs[name],
      weights: joint?.heads[name],
    });
    trained[name] = fitted;
    states[name] = fitted.state;
    const evaluation = await evaluateBranch(scope, branch, fitted.state, branchPart(branch, known, split.test), ctx);
    if (evaluation) evaluations[name] = evaluation;
  }
  const ordered = <T>(values: Readonly<Record<string, T>>) =>
    Object.fromEntries(plan.branches.flatMap(({ name }) => (name in values ? [[name, values[name] as T]] : [])));
  return { trained: ordered(trained), evaluations: ordered(evaluations) };
}
