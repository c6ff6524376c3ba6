import type { ActivationSummary } from '../host/types.js';
import { sourceOf } from '../manifest/source-of.js';
import type { NdArray } from '../tensor/nd-array.js';

import { activationGroups } from './activation-groups.js';
import { drawActivations } from './activation-picture.js';
import { summarizeActivations } from './activation-summary.js';
import type { BranchPlan } from './plan.js';
import type { Prepared } from './prepare.js';
import { isOutputTap } from './tap.js';

/** How a layer that a branch reads answers images of each kind. */
export interface Activations {
  readonly summary: ActivationSummary;
  /** A PNG. */
  readonly picture: Uint8Array;
}

/** Looks at what a branch reads, `[N, D]` for all images; undefined unless it is a hidden layer of another branch's head. */
export async function inspectActivations(
  { from }: BranchPlan,
  activations: NdArray<'float32'>,
  { split, known }: Pick<Prepared, 'split' | 'known'>,
): Promise<Activations | undefined> {
  if (from === undefined || isOutputTap(sourceOf(from).tap)) return undefined;
  const groups = activationGroups(activations, split, known);
  return { summary: summarizeActivations(from, groups), picture: await drawActivations(groups) };
}
