import type { Context } from '../context/context.js';
import type { NdArray } from '../tensor/nd-array.js';

import { sourceBranch } from './branch-order.js';
import { branchStage, type BranchOutput, type BranchStage } from './branch-stage.js';
import type { BranchPlan } from './plan.js';
import { runStage } from './run-stage.js';
import type { BranchState } from './state.js';

/** What a branch gives, as arrays. */
export type BranchValues = { readonly [K in keyof BranchOutput]: NdArray<'float32'> };

/** Runs a fitted branch, or one without its calibrator yet, on what it reads: features `[N, D]`, N at least 1. */
export async function runBranch(
  branch: BranchPlan,
  state: BranchState,
  x: NdArray<'float32'>,
  ctx: Context,
): Promise<BranchValues> {
  const stage = await branchStage(branch, state, ctx);
  const runnable = {
    constants: stage.constants,
    // A spread, since an interface has no index signature; `probabilities` may be absent in both.
    apply: (...given: Parameters<BranchStage['apply']>) => ({ ...stage.apply(...given) }) as Required<BranchOutput>,
  };
  return runStage(branch.name, runnable, x, ctx);
}

/** What a branch reads for the images with these backbone `features`: them, or the logits of the branch that its `from` names. */
export async function branchInput(
  branch: BranchPlan,
  features: NdArray<'float32'>,
  all: { readonly branches: readonly BranchPlan[]; readonly states: Readonly<Record<string, BranchState>> },
  ctx: Context,
): Promise<NdArray<'float32'>> {
  const source = sourceBranch(branch, all.branches);
  if (!source || features.shape[0] === 0) return features;
  const x = await branchInput(source, features, all, ctx);
  const { raw } = await runBranch(source, all.states[source.name] as BranchState, x, ctx);
  return raw;
}
