import type { BranchPlan } from './plan.js';

/**
 * What a branch tells of an image: its `labels`; whether it belongs, `novelty`; or which others show the same, by an `embedding`.
 */
export type BranchTask = 'labels' | 'novelty' | 'embedding';

/** A head that learns from images which do not belong does the work of a detector. */
export function branchTask({ head }: BranchPlan): BranchTask {
  const { needsNegatives, embedding } = head?.component.tags ?? {};
  if (!head || needsNegatives) return 'novelty';
  return embedding ? 'embedding' : 'labels';
}

/** Whether its embeddings are compared, with each other and with a gallery: those that serve detectors alone are not. */
export function comparesImages(branch: BranchPlan): boolean {
  return branchTask(branch) === 'embedding' && !branch.head?.component.tags?.needsReference;
}
