import type { Context } from '../context/context.js';
import { collectPairs, type Pairs } from '../metrics/verification/collect-pairs.js';
import type { DistanceBlock } from '../metrics/verification/distance-block.js';
import { identitiesOf } from '../metrics/verification/identities.js';
import type { Scored } from '../plugin/contract.js';
import { float32, uint8 } from '../tensor/nd-array.js';

import type { FeaturePart } from './branch-data.js';
import { distanceBlocks, distanceProgram } from './embedding-distances.js';
import type { BranchPlan } from './plan.js';
import { runBranch } from './run-branch.js';
import type { BranchState } from './state.js';

/** Takes what it needs out of blocks of distances. */
interface Collector {
  add(block: DistanceBlock): void;
}

/**
 * Compares all images of a part by their embeddings, and gives the pairs, or of many a sample; `others` see the same distances.
 * @throws KINDRED_PLUGIN_RESULT
 */
export async function comparePairs(
  branch: BranchPlan,
  state: BranchState,
  part: Pick<FeaturePart, 'x' | 'y'>,
  ctx: Context,
  others: readonly Collector[] = [],
): Promise<Pairs> {
  const pairs = collectPairs(identitiesOf(part.y), ctx.random.fork('pairs'));
  if (part.x.shape[0] === 0) return pairs.pairs();
  const { raw } = await runBranch(branch, state, part.x, ctx);
  const program = await distanceProgram(branch, state, ctx);
  for await (const block of distanceBlocks(program, raw, ctx)) {
    pairs.add(block);
    for (const other of others) other.add(block);
  }
  return pairs.pairs();
}

/** The one column of scored pairs. */
export const SAME = 'same';

/** Pairs for components that know scores alone: `[P, 1]`, higher where two images are nearer. */
export function scoredPairs({ distances, first, second }: Pairs): Scored {
  const shape = [distances.length, 1];
  return {
    labels: [SAME],
    scores: float32(shape, distances.map(scoreOf)),
    targets: uint8(
      shape,
      Uint8Array.from(first, (one, i) => Number(one === second[i])),
    ),
  };
}

/** A score falls as the distance grows: thresholds, which are kept as scores, are reached by what is near. */
export const scoreOf = (distance: number): number => 0 - distance;
export const distanceOf = (score: number): number => 0 - score;
