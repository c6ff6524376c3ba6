import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import type { Context } from '../context/context.js';
import type { Evaluation } from '../metrics/evaluation.js';
import type { NdArray } from '../tensor/nd-array.js';

import { inspectActivations, type Activations } from './activations.js';
import { branchLabels, branchPart, heldOutRows, trainingRows, type FeaturePart } from './branch-data.js';
import { inOrder } from './branch-order.js';
import { evaluateBranch } from './evaluate-branch.js';
import { contextFor } from './open-scope.js';
import type { BranchPlan } from './plan.js';
import type { Prepared } from './prepare.js';
import { branchInput } from './run-branch.js';
import { searchBranch } from './search.js';
import type { SearchPlan } from './search-plan.js';
import { sourceHash } from './stale.js';
import type { BranchState } from './state.js';
import { trainBranch, type BranchInput, type TrainedBranch } from './train-branch.js';

/** Searches a branch, after what it reads from was trained. */
export async function searchIn(scope: Scope, plan: SearchPlan, data: Prepared) {
  const { branches } = scope.resolve(PLAN);
  const branch = branches.find(({ name }) => name === plan.branch) as BranchPlan;
  const sources = inOrder(branches).slice(0, inOrder(branches).indexOf(branch));
  const { trained } = await trainBranches(scope, data, { some: sources });
  const states = Object.fromEntries(Object.entries(trained).map(([name, { state }]) => [name, state]));
  const ctx = await contextFor(scope, `search ${branch.name}`);
  const { input } = await branchData(branch, data, { branches, states }, ctx);
  return searchBranch(scope, plan, input);
}

/** What a branch is fitted with, and what it is measured on. */
async function branchData(
  branch: BranchPlan,
  { features: all, split, known, specs, joint }: Prepared,
  others: Parameters<typeof branchInput>[2],
  ctx: Context,
): Promise<{ readonly features: NdArray<'float32'>; readonly input: BranchInput; readonly test: FeaturePart }> {
  const features = await branchInput(branch, all, others, ctx);
  const part = (rows: readonly number[]) => branchPart(branch, known, features, rows);
  const input: BranchInput = {
    labels: branchLabels(branch, known.data),
    train: part(trainingRows(branch, known, split)),
    validation: part(heldOutRows(branch, known, split.validation)),
    spec: specs[branch.name],
    weights: joint?.heads[branch.name],
  };
  return { features, input, test: part(heldOutRows(branch, known, split.test)) };
}

/**
 * Trains and measures branches, each after the one that it reads from; results are in the manifest's order. Those of `kept` are measured
 * as they are.
 */
export async function trainBranches(
  scope: Scope,
  data: Prepared,
  {
    some,
    kept = {},
  }: { readonly some?: readonly BranchPlan[]; readonly kept?: Readonly<Record<string, BranchState>> } = {},
) {
  const { branches } = scope.resolve(PLAN);
  const states: Record<string, BranchState> = {};
  const trained: Record<string, TrainedBranch> = {};
  const evaluations: Record<string, Evaluation> = {};
  const activations: Record<string, Activations> = {};
  for (const branch of some ?? inOrder(branches)) {
    const { name } = branch;
    const ctx = await contextFor(scope, `evaluate ${name}`);
    const { features, input, test } = await branchData(branch, data, { branches, states }, ctx);
    const known = kept[name];
    const fitted = known ? asItWas(known) : await trainBranch(scope, branch, input);
    const reads = known?.reads ?? sourceHash(branch, branches, states);
    states[name] = { ...fitted.state, ...(reads !== undefined && { reads }) };
    trained[name] = { ...fitted, state: states[name] };
    const evaluation = await evaluateBranch(scope, branch, fitted.state, test, ctx);
    if (evaluation) evaluations[name] = evaluation;
    const seen = await inspectActivations(branch, features, data);
    if (seen) activations[name] = seen;
  }
  const ordered = <T>(values: Readonly<Record<string, T>>) =>
    Object.fromEntries(branches.flatMap(({ name }) => (name in values ? [[name, values[name] as T]] : [])));
  return { trained: ordered(trained), evaluations: ordered(evaluations), activations: ordered(activations) };
}

const asItWas = (state: BranchState): TrainedBranch => ({ state, history: [], notes: [] });
