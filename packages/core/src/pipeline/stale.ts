import { createHash } from 'node:crypto';

import { encodeSafetensors } from '../tensor/safetensors.js';

import { sourceBranch } from './branch-order.js';
import type { BranchPlan } from './plan.js';
import type { BranchState } from './state.js';

/**
 * A hash of what stands before a branch that reads another: the other's transforms and weights. Undefined for one that reads features.
 */
export function sourceHash(
  branch: BranchPlan,
  branches: readonly BranchPlan[],
  states: Readonly<Record<string, BranchState>>,
): string | undefined {
  const source = sourceBranch(branch, branches);
  const state = source && states[source.name];
  if (!source || !state) return undefined;
  const hash = createHash('sha256').update(sourceHash(source, branches, states) ?? '');
  for (const { json, tensors } of state.transforms)
    hash.update(JSON.stringify(json)).update(encodeSafetensors(tensors));
  return hash.update(encodeSafetensors(state.head?.weights ?? {})).digest('hex');
}

/** Branches that were fitted to what another gave before it was trained again: their answers no longer mean anything. */
export function staleBranches(
  branches: readonly BranchPlan[],
  states: Readonly<Record<string, BranchState>>,
): readonly string[] {
  return branches
    .filter((branch) => {
      const reads = states[branch.name]?.reads;
      return reads !== undefined && reads !== sourceHash(branch, branches, states);
    })
    .map(({ name }) => name);
}

export const staleNote = (branch: string): string =>
  `The branch '${branch}' is stale: what it reads has been trained again since it was fitted, and its answers mean nothing. ` +
  `Train it again with: kindred train MANIFEST --branch ${branch}`;
