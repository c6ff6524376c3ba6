import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import type { Context } from '../context/context.js';
import { evaluateOneClass } from '../metrics/evaluate-one-class.js';
import { evaluateScores } from '../metrics/evaluate-scores.js';
import type { Evaluation } from '../metrics/evaluation.js';

import type { FeaturePart } from './branch-data.js';
import { branchTask } from './branch-task.js';
import { evaluateEmbedding } from './evaluate-embedding.js';
import type { BranchPlan } from './plan.js';
import { runBranch } from './run-branch.js';
import type { BranchState } from './state.js';

/** Measures a branch on held-out images; undefined where there are none. */
export async function evaluateBranch(
  scope: Scope,
  branch: BranchPlan,
  state: BranchState,
  test: FeaturePart,
  ctx: Context,
): Promise<Evaluation | undefined> {
  const { head, thresholds } = state;
  if (!thresholds || test.x.shape[0] === 0) return undefined;
  const task = branchTask(branch);
  if (task === 'embedding') return evaluateEmbedding(scope, branch, state, test, ctx);
  const { metrics: ofAny, twoLabelMetrics, detectorMetrics, calibrationMetrics } = scope.resolve(PLAN);
  const { scores, probabilities } = await runBranch(branch, state, test.x, ctx);
  if (task === 'novelty' || !head) {
    const [threshold = 0] = thresholds.values;
    // A head's scores are probabilities themselves.
    const chances = head ? scores : probabilities;
    const input = {
      scores,
      probabilities: chances,
      targets: test.y,
      threshold,
      metrics: detectorMetrics,
      calibrationMetrics,
    };
    return evaluateOneClass(input, ctx.random);
  }
  const { labels, positives, samples } = head.spec;
  const exclusive = !branch.head?.component.tags?.multiLabel;
  const metrics = exclusive && labels.length === 2 ? twoLabelMetrics : ofAny;
  const training = { positives, samples };
  return evaluateScores(
    { labels, scores, targets: test.y, thresholds: thresholds.values, training, metrics },
    ctx.random,
  );
}
