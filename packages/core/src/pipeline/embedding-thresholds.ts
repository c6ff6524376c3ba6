import type { Context } from '../context/context.js';
import { KindredError } from '../errors/kindred-error.js';
import { equalError } from '../metrics/verification/equal-error.js';
import { countRanked, rankPairs } from '../metrics/verification/rank-pairs.js';
import { rocCurve } from '../metrics/verification/roc-curve.js';
import { call } from '../plugin/bound.js';
import type { Thresholds } from '../plugin/contract.js';
import { float32, uint8 } from '../tensor/nd-array.js';

import type { FeaturePart } from './branch-data.js';
import { comparesImages } from './branch-task.js';
import { comparePairs, distanceOf, scoredPairs, scoreOf } from './embedding-pairs.js';
import type { BranchPlan, PipelinePlan } from './plan.js';
import type { BranchState } from './state.js';

/**
 * The threshold of an embedding branch, as a score, on pairs of held-out images: what its component chooses, else that of the equal
 * error rate. Its note says what comes of it.
 * @throws KINDRED_CALIBRATION_DATA without pairs of both kinds; KINDRED_PLUGIN_RESULT
 */
export async function chooseDistance(
  branch: BranchPlan,
  state: BranchState,
  validation: Pick<FeaturePart, 'x' | 'y'>,
  ctx: Context,
): Promise<Thresholds> {
  const { threshold } = branch;
  if (threshold && validation.x.shape[0] === 0 && !needsPairs(branch)) {
    const nothing = { labels: ['same'], scores: float32([0, 1]), targets: uint8([0, 1]) };
    return call(threshold, 'choose', (component, options) => component.choose(options, nothing));
  }
  const pairs = await comparePairs(branch, state, validation, ctx);
  const ranked = rankPairs(pairs);
  const { same, different } = countRanked(ranked);
  if (same === 0 || different === 0) throw noPairs(branch, same === 0 ? 'of the same label' : 'of different labels');
  const roc = rocCurve(ranked);
  const chosen = threshold
    ? await call(threshold, 'choose', (component, options) => component.choose(options, scoredPairs(pairs)))
    : { values: [scoreOf(equalError(roc).distance)], notes: [] };
  const [score] = chosen.values;
  if (score === undefined || chosen.values.length !== 1 || !Number.isFinite(score)) {
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `The thresholds ${threshold?.component.name} must give one finite value for pairs of images. Got ${chosen.values.join(', ') || 'none'}.`,
      received: chosen.values,
    });
  }
  const at = roc.findLast((point) => point.distance === null || point.distance <= distanceOf(score));
  const percent = (share = 0) => `${(100 * share).toFixed(1)} %`;
  const note =
    `At the distance ${distanceOf(score).toPrecision(3)}, ${percent(at?.falseMatchRate)} of ${different} held-out pairs of different images ` +
    `are taken for the same, and ${percent(at?.falseNonMatchRate)} of ${same} pairs of the same are not.`;
  return { ...chosen, notes: [...chosen.notes, note] };
}

/**
 * Told before anything is trained: how near two images must be is found on images that were not trained on.
 * @throws KINDRED_CALIBRATION_DATA
 */
export function requireHeldOutPairs({ branches, manifest }: PipelinePlan): void {
  const branch = branches.find((one) => comparesImages(one) && needsPairs(one));
  const { split, validation } = manifest.data;
  if (!branch || validation || split.validation > 0) return;
  throw noPairs(branch, 'at all');
}

/** Unless its threshold is given. */
const needsPairs = ({ threshold }: BranchPlan): boolean =>
  !threshold || threshold.component.tags?.needsHeldOut === true;

function noPairs({ name }: BranchPlan, which: string): KindredError {
  return new KindredError('KINDRED_CALIBRATION_DATA', {
    message: `The branch '${name}' needs pairs of validation images of the same label and of different labels, to find from which distance on two images show the same. There are none ${which}.`,
    path: 'data.split.validation',
    hint: 'Give "validation" in "data.split" a greater share: two labels of two images each, or more; or state the threshold: "thresholds": { "use": "fixed", "value": -0.5 } takes distances up to 0.5 for the same.',
  });
}
