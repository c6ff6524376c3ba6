import { type FitData, KindredError } from '@kindred/core';

/** Scores of one label beside the truth. */
export interface Column {
  readonly scores: Float32Array;
  /** 0 and 1. */
  readonly targets: Uint8Array;
}

export interface NamedColumn extends Column {
  /** As messages call it: the label in quotes, or its number. */
  readonly name: string;
}

/**
 * The columns of scores and truth that a calibrator is fitted on: `x` and `y` `[N, L]`, finite and of 0 and 1.
 * @throws KINDRED_CALIBRATION_DATA without `y` or without images
 * @throws KINDRED_SCORES_INVALID naming `component`, and the row and label of a bad value
 */
export function calibrationColumns(component: string, { x, y, labels }: FitData): NamedColumn[] {
  const [rows, size] = x.shape;
  if (x.shape.length !== 2 || !rows || !size || y?.shape.join() !== x.shape.join()) {
    const received = { x: x.shape, y: y?.shape };
    throw new KindredError('KINDRED_CALIBRATION_DATA', {
      message: `The calibrator ${component} must get scores and truth of held-out images, both [N, L]. Got ${describe(x)} and ${describe(y)}.`,
      received,
      hint: 'Hold out images whose labels are known.',
    });
  }
  const names = Array.from({ length: size }, (_, j) => (labels?.[j] ? `"${labels[j]}"` : `label ${j + 1} of ${size}`));
  requireValues(component, 'Scores', 'finite numbers', x.data, names, Number.isFinite);
  requireValues(component, 'Targets', '0 or 1', y.data, names, (value) => value <= 1);
  return names.map((name, column) => {
    const own = (_: number, i: number): boolean => i % size === column;
    return { name, scores: x.data.filter(own), targets: y.data.filter(own) };
  });
}

/** How many images carry a label, and how many do not. */
export function countKinds({ targets }: Column): { positives: number; negatives: number } {
  const positives = targets.reduce((sum, target) => sum + target, 0);
  return { positives, negatives: targets.length - positives };
}

function describe(array: { readonly shape: readonly number[] } | undefined): string {
  return array ? `[${array.shape.join(', ')}]` : 'none';
}

function requireValues(
  component: string,
  what: string,
  kind: string,
  data: Float32Array | Uint8Array,
  names: readonly string[],
  holds: (value: number) => boolean,
): void {
  const bad = (data as Float32Array).findIndex((value) => !holds(value));
  if (bad < 0) return;
  const place = `row ${Math.floor(bad / names.length)}, ${names[bad % names.length]}`;
  throw new KindredError('KINDRED_SCORES_INVALID', {
    message: `${what} for the calibrator ${component} must be ${kind}. Got ${data[bad]} in ${place}.`,
    received: data[bad],
    hint: 'Look for NaN or infinite values in the features and in the training loss.',
  });
}
