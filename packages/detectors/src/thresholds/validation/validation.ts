import { KindredError, type Scored } from '@kindred/core';

export interface Column {
  readonly scores: Float32Array;
  readonly targets: Uint8Array;
}

/** One label's scores and targets. */
export function columnOf({ labels, scores, targets }: Scored, column: number): Column {
  const own = (_: number, i: number): boolean => i % labels.length === column;
  return { scores: scores.data.filter(own), targets: targets.data.filter(own) };
}

export function countPositives({ targets }: Column): number {
  return targets.reduce((sum, target) => sum + target, 0);
}

/** The scores of the images that carry the label. */
export function positiveScores({ scores, targets }: Column): Float32Array {
  return scores.filter((_, i) => targets[i] === 1);
}

/** Whether all scores may be probabilities. A detector's scores may be any numbers. */
export function areProbabilities(scores: Float32Array): boolean {
  return scores.every((score) => score >= 0 && score <= 1);
}

/**
 * Makes sure that there are scores, all finite.
 * @throws KINDRED_CALIBRATION_DATA without images; KINDRED_SCORES_INVALID naming `component`, the row and the label
 */
export function requireValidation(component: string, { labels, scores }: Scored): void {
  if (scores.data.length === 0) {
    throw new KindredError('KINDRED_CALIBRATION_DATA', {
      message: `The threshold ${component} needs validation images. Got scores of shape [${scores.shape.join(', ')}].`,
      received: scores.shape,
      hint: 'Set "validation" in "data.split" above 0, or use the threshold "fixed".',
    });
  }
  const bad = scores.data.findIndex((score) => !Number.isFinite(score));
  if (bad < 0) return;
  const place = `row ${Math.floor(bad / labels.length)}, label "${labels[bad % labels.length]}"`;
  throw new KindredError('KINDRED_SCORES_INVALID', {
    message: `Scores for the threshold ${component} must be finite numbers. Got ${scores.data[bad]} in ${place}.`,
    received: scores.data[bad],
    hint: 'Look for NaN or infinite values in the features and in the training loss.',
  });
}

/**
 * What labels get if no validation image carries any: a detector's own boundary, else one half of a probability.
 * @throws KINDRED_CALIBRATION_DATA for scores that are no probabilities and have no boundary
 */
export function fallbackThreshold(component: string, { scores, boundary }: Scored): number {
  if (boundary !== undefined) return boundary;
  if (areProbabilities(scores.data)) return 0.5;
  throw new KindredError('KINDRED_CALIBRATION_DATA', {
    message: `The threshold ${component} needs validation images that carry a label, normal ones for a detector. Got none among ${scores.shape[0]}.`,
    received: scores.shape,
    hint: 'Set "validation" in "data.split" above 0, or use the threshold "fixed".',
  });
}
