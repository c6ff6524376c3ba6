import { sourceOf } from '../manifest/source-of.js';

import type { BranchPlan } from './plan.js';

/** The branches in an order in which each comes after the one that it reads from. */
export function inOrder(branches: readonly BranchPlan[]): readonly BranchPlan[] {
  const ordered: BranchPlan[] = [];
  const add = (branch: BranchPlan): void => {
    if (ordered.includes(branch)) return;
    const source = sourceBranch(branch, branches);
    if (source) add(source);
    ordered.push(branch);
  };
  branches.forEach(add);
  return ordered;
}

/** The branch whose output `branch` reads; undefined if it reads features. */
export function sourceBranch({ from }: BranchPlan, branches: readonly BranchPlan[]): BranchPlan | undefined {
  return from === undefined ? undefined : branches.find(({ name }) => name === sourceOf(from).branch);
}
