import type { Context } from '../context/context.js';
import { KindredError } from '../errors/kindred-error.js';
import { rate } from '../metrics/evaluate-one-class.js';
import { call } from '../plugin/bound.js';
import type { Scored, Thresholds } from '../plugin/contract.js';
import { float32, type NdArray } from '../tensor/nd-array.js';

import type { FeaturePart } from './branch-data.js';
import { branchTask } from './branch-task.js';
import { chooseDistance } from './embedding-thresholds.js';
import type { BranchPlan } from './plan.js';
import { runBranch } from './run-branch.js';
import type { BranchState } from './state.js';

/** From an even chance on, where the manifest names no way to choose for a head. */
const EVEN = 0.5;

interface Given {
  /** Names of the score columns. */
  readonly labels: readonly string[];
  readonly validation: FeaturePart;
}

/**
 * The thresholds of a fitted branch, chosen on held-out images; of a detector with a note of the false alarms that are to be expected.
 * @throws KINDRED_CALIBRATION_DATA if there are none and the component needs them; KINDRED_PLUGIN_RESULT
 */
export async function choose(
  branch: BranchPlan,
  state: BranchState,
  { labels, validation }: Given,
  ctx: Context,
): Promise<Thresholds> {
  // What learns from reference images answers nothing itself: others read its embedding.
  if (branch.head?.component.tags?.needsReference) return { values: [], notes: [] };
  if (branchTask(branch) === 'embedding') return chooseDistance(branch, state, validation, ctx);
  const { threshold, detector } = branch;
  if (threshold?.component.tags?.needsHeldOut)
    requireHeldOut(validation, `the thresholds ${threshold.component.name} of branch '${branch.name}'`);
  const empty = validation.x.shape[0] === 0;
  const output = empty ? undefined : (await runBranch(branch, state, validation.x, ctx)).scores;
  const scores = float32([validation.y.shape[0] ?? 0, labels.length], output?.data);
  const boundary = detector?.component.boundary;
  const scored: Scored = { labels, scores, targets: validation.y, ...(boundary !== undefined && { boundary }) };
  const chosen = threshold
    ? await call(threshold, 'choose', (component, options) => component.choose(options, scored))
    : { values: labels.map(() => ownBoundary(branch)), notes: [] };
  if (chosen.values.length !== labels.length || !chosen.values.every(Number.isFinite)) {
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `The thresholds ${threshold?.component.name} must give one finite value for each of ${labels.length} labels. Got ${chosen.values.length}.`,
      received: chosen.values,
    });
  }
  if (!detector) return chosen;
  const note = falseAlarmNote(scored, chosen.values[0] as number);
  return { ...chosen, notes: [...chosen.notes, threshold || empty ? note : `${note} ${CHOOSE}`] };
}

/** @throws KINDRED_MANIFEST_VALUE for a detector without a boundary of its own */
function ownBoundary({ name, detector }: BranchPlan): number {
  if (!detector) return EVEN;
  const { boundary } = detector.component;
  if (boundary !== undefined) return boundary;
  throw new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `The branch '${name}' must name "thresholds": its detector ${detector.component.name} has no boundary of its own.`,
    path: `branches.${name}.thresholds`,
    hint: 'Add for example "thresholds": { "use": "quantile", "falseAlarmRate": 0.05 }.',
  });
}

/** A boundary is set by training images, which a detector knows too well. */
const CHOOSE = 'It is the detector\'s own boundary: "thresholds": "quantile" sets it by held-out images instead.';

/** What the threshold means for images that are normal: the one thing a person must know of it. */
function falseAlarmNote({ scores, targets }: Scored, threshold: number): string {
  const normal = normalScores(scores, targets);
  const alarms = rate(normal.filter((score) => score < threshold).length, normal.length);
  const at = `At the threshold ${threshold.toPrecision(3)}`;
  if (!alarms) return `${at} the false-alarm rate is not known: no held-out image is normal.`;
  const { value, interval } = alarms;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return (
    `${at}, ${Math.round(value * normal.length)} of ${normal.length} held-out normal images are false alarms: ` +
    `${percent(value)}, 95 % interval ${percent(interval.lower)} to ${percent(interval.upper)}.`
  );
}

function normalScores(scores: NdArray<'float32'>, targets: NdArray<'uint8'>): Float32Array {
  return scores.data.filter((_, i) => targets.data[i] === 1);
}

/** @throws KINDRED_CALIBRATION_DATA */
export function requireHeldOut(validation: FeaturePart, who: string): void {
  if (validation.x.shape[0] !== 0) return;
  throw new KindredError('KINDRED_CALIBRATION_DATA', {
    message: `Held-out samples are needed by ${who}. The validation part is empty.`,
    path: 'data.split.validation',
    hint: 'Give "validation" in "data.split" a share.',
  });
}
