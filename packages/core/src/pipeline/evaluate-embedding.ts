import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import type { Context } from '../context/context.js';
import { labelGroup } from '../data/split/label-disjoint.js';
import type { VerificationEvaluation } from '../metrics/evaluation.js';
import { evaluateVerification } from '../metrics/verification/evaluate-verification.js';
import { countIdentities, identitiesOf } from '../metrics/verification/identities.js';
import { collectOneShot, type OneShotCollector } from '../metrics/verification/one-shot.js';
import { drawOneShotTasks } from '../metrics/verification/one-shot-tasks.js';

import type { FeaturePart } from './branch-data.js';
import { comparePairs, distanceOf } from './embedding-pairs.js';
import type { BranchPlan } from './plan.js';
import type { BranchState } from './state.js';

/** The tasks of the field: 5 and 20 ways, one image of each. */
const WAYS = [5, 20];
const SHOTS = 1;
/** The interval of a share of so many is at most 6.2 % wide. */
const TASKS = 1000;

/** Measures embeddings on pairs of held-out images, and on one-shot tasks where there are labels enough. */
export async function evaluateEmbedding(
  scope: Scope,
  branch: BranchPlan,
  state: BranchState,
  test: FeaturePart,
  ctx: Context,
): Promise<VerificationEvaluation> {
  const identities = identitiesOf(test.y);
  const { level } = scope.resolve(PLAN).manifest.data.split;
  const oneShot = oneShotCollectors(identities, test, level, ctx);
  const pairs = await comparePairs(branch, state, test, ctx, oneShot);
  const [score = 0] = state.thresholds?.values ?? [];
  return evaluateVerification(
    {
      samples: identities.length,
      identities: countIdentities(identities),
      pairs,
      threshold: distanceOf(score),
      oneShot: oneShot.map((collector) => collector.result()),
    },
    ctx.random,
  );
}

/** With a level of labels, the labels of a task come from one of its groups: the characters of one alphabet. */
function oneShotCollectors(
  identities: Int32Array,
  { y, labels }: FeaturePart,
  level: number | undefined,
  { random }: Context,
): OneShotCollector[] {
  const groups = new Map<number, string>();
  identities.forEach((identity, row) => {
    if (groups.has(identity)) return;
    const own = labels.find((_, j) => y.data[row * labels.length + j] === 1) ?? '';
    groups.set(identity, level === undefined ? '' : labelGroup(own, level));
  });
  return WAYS.flatMap((ways) => {
    const options = { ways, shots: SHOTS, tasks: TASKS };
    const stream = random.fork(`${ways}-way ${SHOTS}-shot`);
    const tasks = drawOneShotTasks(identities, (identity) => groups.get(identity) ?? '', options, stream);
    return tasks.length === 0 ? [] : [collectOneShot(tasks, options, level !== undefined)];
  });
}
