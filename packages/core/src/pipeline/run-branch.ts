import type { Tensor } from '@tensorflow/tfjs-core';

import type { Context } from '../context/context.js';
import { sourceOf } from '../manifest/source-of.js';
import type { NdArray } from '../tensor/nd-array.js';

import { sourceBranch } from './branch-order.js';
import { branchStage, type BranchOutput } from './branch-stage.js';
import type { BranchPlan } from './plan.js';
import { runStage } from './run-stage.js';
import type { BranchState } from './state.js';
import { isOutputTap } from './tap.js';

/** What a branch gives, as arrays. */
export type BranchValues = { readonly [K in keyof Omit<BranchOutput, 'layers'>]: NdArray<'float32'> };

/** Runs a fitted branch, or one without its calibrator yet, on what it reads: features `[N, D]`, N at least 1. */
export async function runBranch(
  branch: BranchPlan,
  state: BranchState,
  x: NdArray<'float32'>,
  ctx: Context,
): Promise<BranchValues> {
  return runOutputs(branch, state, x, ctx, ({ layers: _, ...values }) => values as Required<typeof values>);
}

/** What `tap` of a fitted branch gives, `[N, D]`: a layer, its logits or its embedding. */
export async function readTap(
  branch: BranchPlan,
  state: BranchState,
  { tap, x }: { readonly tap: string; readonly x: NdArray<'float32'> },
  ctx: Context,
): Promise<NdArray<'float32'>> {
  const pick = ({ raw, layers }: BranchOutput) => ({ tapped: isOutputTap(tap) ? raw : (layers[tap] as Tensor) });
  return (await runOutputs(branch, state, x, ctx, pick, [tap])).tapped;
}

async function runOutputs<Name extends string>(
  branch: BranchPlan,
  state: BranchState,
  x: NdArray<'float32'>,
  ctx: Context,
  pick: (output: BranchOutput) => Readonly<Record<Name, Tensor>>,
  taps: readonly string[] = [],
): Promise<Readonly<Record<Name, NdArray<'float32'>>>> {
  const stage = await branchStage(branch, state, ctx);
  const { constants } = stage;
  return runStage(branch.name, { constants, apply: (given, input) => pick(stage.apply(given, input, taps)) }, x, ctx);
}

/** What a branch reads for the images with these backbone `features`: them, or what its `from` names of another branch. */
export async function branchInput(
  branch: BranchPlan,
  features: NdArray<'float32'>,
  all: { readonly branches: readonly BranchPlan[]; readonly states: Readonly<Record<string, BranchState>> },
  ctx: Context,
): Promise<NdArray<'float32'>> {
  const source = sourceBranch(branch, all.branches);
  if (!source || features.shape[0] === 0) return features;
  const x = await branchInput(source, features, all, ctx);
  const { tap } = sourceOf(branch.from as string);
  return readTap(source, all.states[source.name] as BranchState, { tap, x }, ctx);
}
