import type { Scope } from '../container/scope.js';
import { HOST, PLAN, RANDOM } from '../container/tokens.js';
import type { Context } from '../context/context.js';
import { createRandom } from '../context/random.js';
import { isKindredError, KindredError } from '../errors/kindred-error.js';
import type { SearchSummary, SearchTrial } from '../host/types.js';
import { decide } from '../metrics/evaluate-scores.js';
import type { NamedMetric } from '../metrics/named-metric.js';
import type { Scored } from '../plugin/contract.js';
import { float32 } from '../tensor/nd-array.js';

import { branchTask } from './branch-task.js';
import { comparePairs, scoredPairs } from './embedding-pairs.js';
import { contextFor } from './open-scope.js';
import type { BranchPlan, PipelinePlan } from './plan.js';
import { runBranch } from './run-branch.js';
import { choicesOf, type Choice, type SearchPlan } from './search-plan.js';
import type { BranchState } from './state.js';
import { trainBranch, type BranchInput } from './train-branch.js';

/**
 * Fits the branch once for every choice of options and every seed, on the same features and the same split, and measures each on the
 * validation part. The best mean wins; of equal ones the first in the order of the lists, the last list varying fastest. A choice that
 * cannot be fitted is kept in the table with its error.
 * @throws KINDRED_SEARCH_INVALID; the error of the first choice if none can be fitted
 */
export async function searchBranch(
  scope: Scope,
  plan: SearchPlan,
  input: BranchInput,
): Promise<{ readonly best: PipelinePlan; readonly summary: SearchSummary }> {
  const { branch, metric, seeds } = plan;
  requireMeasurable(plan, input);
  const choices = choicesOf(scope.resolve(PLAN), plan);
  const { progress, signal } = scope.resolve(HOST);
  const step = progress.start({ name: `search ${branch}`, total: choices.length * seeds.length, unit: 'fits' });
  const trials: SearchTrial[] = [];
  let failure: unknown;
  try {
    for (const choice of choices) {
      const values: number[] = [];
      let error: KindredError | undefined;
      for (const seed of seeds) {
        signal.throwIfAborted();
        try {
          values.push(await tryOut(scope, choice, { plan, seed }, input));
        } catch (caught) {
          if (!isKindredError(caught) || signal.aborted) throw caught;
          error = caught;
          failure ??= caught;
          break;
        } finally {
          step.advance(1);
        }
      }
      trials.push(
        error
          ? { options: choice.options, values, mean: null, error: error.message }
          : { options: choice.options, values, mean: mean(values) },
      );
    }
  } finally {
    step.end();
  }
  const best = bestOf(trials, metric.metric.higherIsBetter);
  if (best === undefined) throw failure;
  const images = input.validation.x.shape[0] ?? 0;
  return {
    best: (choices[best] as Choice).plan,
    summary: {
      ...{ branch, metric: metric.name, higherIsBetter: metric.metric.higherIsBetter, images, seeds },
      ...{ trials, best },
    },
  };
}

/** One fit, measured on the validation part. */
async function tryOut(
  scope: Scope,
  choice: Choice,
  { plan, seed }: { readonly plan: SearchPlan; readonly seed: number },
  input: BranchInput,
): Promise<number> {
  const derived = scope
    .derive()
    .provide(PLAN, { create: () => choice.plan })
    .provide(RANDOM, { create: () => createRandom(seed) });
  try {
    const branch = choice.plan.branches.find(({ name }) => name === plan.branch);
    if (!branch) throw new RangeError(`there is no branch ${plan.branch}`);
    const { state } = await trainBranch(derived, branch, input);
    const scored = await validationScores(branch, state, input, await contextFor(derived, 'search'));
    const decisions = decide(scored.scores, state.thresholds?.values ?? []);
    return measured(plan.metric, { ...scored, decisions });
  } finally {
    await derived.dispose();
  }
}

/** What metrics are computed from: of embeddings, the pairs of images. */
async function validationScores(
  branch: BranchPlan,
  state: BranchState,
  { validation, labels }: BranchInput,
  ctx: Context,
): Promise<Scored> {
  if (branchTask(branch) === 'embedding') return scoredPairs(await comparePairs(branch, state, validation, ctx));
  const { scores } = await runBranch(branch, state, validation.x, ctx);
  return { labels, scores: float32(validation.y.shape, scores.data), targets: validation.y };
}

function measured({ name, metric, options }: NamedMetric, input: Parameters<typeof metric.compute>[1]): number {
  const { value } = metric.compute(options, input);
  if (Number.isFinite(value)) return value;
  throw new KindredError('KINDRED_SEARCH_INVALID', {
    message: `The metric of a search must be defined on the validation part. ${name} is not, on ${input.targets.shape[0]} images.`,
    path: 'search.metric',
    received: value,
    hint: 'Make the validation part greater, or name another metric.',
  });
}

/** Of equal values the first. */
function bestOf(trials: readonly SearchTrial[], higherIsBetter: boolean): number | undefined {
  const sign = higherIsBetter ? 1 : -1;
  let best: number | undefined;
  trials.forEach(({ mean: value }, i) => {
    if (value === null) return;
    if (best === undefined || sign * value > sign * (trials[best]?.mean as number)) best = i;
  });
  return best;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * How well a detector tells normal images from others cannot be seen on normal ones alone. Criteria that make up others (features
 * shuffled between images, say) were tried and mislead: see docs/BENCHMARKS.md.
 */
function requireMeasurable({ branch, metric }: SearchPlan, { validation, spec }: BranchInput): void {
  const images = validation.x.shape[0] ?? 0;
  const others = validation.y.data.filter((target) => target === 0).length;
  if (images > 0 && (spec || others > 0)) return;
  throw new KindredError('KINDRED_SEARCH_INVALID', {
    message:
      images === 0
        ? `A search needs validation images to measure ${metric.name} on. The validation part is empty.`
        : `A search for a detector needs validation images that are not normal, to measure ${metric.name} with. The branch '${branch}' has ${images} normal ones alone.`,
    path: 'search',
    hint:
      images === 0
        ? 'Give "validation" in "data.split" a share.'
        : 'Add images of other things, name them in "data.oneClass", and give "validation" a share; or choose the options yourself.',
  });
}
