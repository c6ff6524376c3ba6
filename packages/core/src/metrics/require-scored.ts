import { KindredError } from '../errors/kindred-error.js';
import type { Scored } from '../plugin/contract.js';
import type { NdArray } from '../tensor/nd-array.js';

/**
 * Makes sure that scores, targets and, where given, decisions are `[N, L]`, finite, and 0 or 1.
 * @throws KINDRED_SCORES_INVALID naming `component`, the row and the label
 */
export function requireScored(component: string, scored: Scored & { decisions?: NdArray<'uint8'> }): void {
  const { labels, scores, targets, decisions } = scored;
  requireShape(component, 'scores', scores, labels);
  requireShape(component, 'targets', targets, labels);
  if (decisions) requireShape(component, 'decisions', decisions, labels);
  if (decisions && decisions.shape[0] !== scores.shape[0]) throw rowsDiffer(component, 'decisions', decisions, scores);
  if (targets.shape[0] !== scores.shape[0]) throw rowsDiffer(component, 'targets', targets, scores);

  const bad = firstNotFinite(scores.data);
  if (bad >= 0) {
    throw invalid(`Scores for ${component} must be finite numbers. Got ${scores.data[bad]} ${place(bad, labels)}.`, {
      received: scores.data[bad],
      hint: 'Look for NaN or infinite values in the features and in the training loss.',
    });
  }
  requireBinary(component, 'Targets', targets.data, labels);
  if (decisions) requireBinary(component, 'Decisions', decisions.data, labels);
}

function requireShape(component: string, what: string, array: NdArray, labels: readonly string[]): void {
  if (array.shape.length === 2 && array.shape[1] === labels.length) return;
  throw invalid(
    `The ${what} for ${component} must have the shape [N, ${labels.length}], a column for each label. Got [${array.shape.join(', ')}].`,
    { received: array.shape, hint: 'Give one score and one target for every image and label.' },
  );
}

function rowsDiffer(component: string, what: string, array: NdArray, scores: NdArray): KindredError {
  return invalid(
    `The ${what} for ${component} must have as many rows as the scores, ${scores.shape[0]}. Got ${array.shape[0]}.`,
    { received: array.shape, hint: 'Give one score and one target for every image and label.' },
  );
}

// Loops instead of findIndex: it calls back for each element, which would take longer than most metrics do.
function firstNotFinite(data: Float32Array): number {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) return i;
  return -1;
}

function firstAboveOne(data: Uint8Array): number {
  for (let i = 0; i < data.length; i++) if (data[i]! > 1) return i;
  return -1;
}

function requireBinary(component: string, what: string, data: Uint8Array, labels: readonly string[]): void {
  const bad = firstAboveOne(data);
  if (bad < 0) return;
  throw invalid(`${what} for ${component} must be 0 or 1. Got ${data[bad]} ${place(bad, labels)}.`, {
    received: data[bad],
    hint: 'Write 1 where the image carries the label and 0 where it does not.',
  });
}

function place(index: number, labels: readonly string[]): string {
  return `in row ${Math.floor(index / labels.length)}, label "${labels[index % labels.length]}"`;
}

function invalid(message: string, details: { received: unknown; hint: string }): KindredError {
  return new KindredError('KINDRED_SCORES_INVALID', { message, ...details });
}
