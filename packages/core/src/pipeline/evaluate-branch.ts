import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import type { Context } from '../context/context.js';
import { evaluateScores } from '../metrics/evaluate-scores.js';
import type { Evaluation } from '../metrics/evaluation.js';

import type { BranchPlan } from './plan.js';
import type { BranchState } from './state.js';
import { branchScores, type FeaturePart } from './train-branch.js';

/** Measures a branch with a head on held-out features; undefined where there is nothing to measure with. */
export async function evaluateBranch(
  scope: Scope,
  branch: BranchPlan,
  state: BranchState,
  test: FeaturePart,
  ctx: Context,
): Promise<Evaluation | undefined> {
  if (!state.head || !state.thresholds || test.x.shape[0] === 0) return undefined;
  const { labels, positives, samples } = state.head.spec;
  const scores = await branchScores(branch, state, test.x, ctx);
  const { metrics } = scope.resolve(PLAN);
  const input = {
    labels,
    scores,
    targets: test.y,
    thresholds: state.thresholds.values,
    training: { positives, samples },
    metrics,
  };
  return evaluateScores(input, ctx.random);
}
