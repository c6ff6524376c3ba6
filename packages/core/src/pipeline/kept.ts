import { KindredError } from '../errors/kindred-error.js';
import type { NdArrays } from '../tensor/nd-array.js';

import type { BranchState } from './state.js';

/** What an earlier run learned that this one leaves as it is. */
export interface KeptPipeline {
  /** The weights of a backbone that was trained. */
  readonly backbone?: NdArrays;
  /** All branches but those to be trained again. */
  readonly branches: Readonly<Record<string, BranchState>>;
  readonly dataFingerprint: string;
}

/**
 * Held-out images of this run must not be among those that kept branches have learned.
 * @throws KINDRED_USAGE if the data are not those of the earlier run
 */
export function requireSameData(kept: KeptPipeline | undefined, fingerprint: string): void {
  if (!kept || kept.dataFingerprint === fingerprint) return;
  throw new KindredError('KINDRED_USAGE', {
    message: 'Where single branches are trained again, the images and labels must be as they were. They have changed.',
    path: 'data',
    hint: 'Train all of it, without --branch.',
  });
}

/** @throws KINDRED_USAGE if a branch that is to be trained again learned together with the backbone */
export function refuseJoint(kept: KeptPipeline, joint: readonly string[]): void {
  const again = joint.find((name) => !(name in kept.branches));
  if (again === undefined) return;
  throw new KindredError('KINDRED_USAGE', {
    message: `A branch that learns together with the backbone cannot be trained alone. Got "${again}".`,
    received: again,
    hint: 'Train all of it, without --branch.',
  });
}
