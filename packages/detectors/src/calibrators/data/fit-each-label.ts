import { KindredError } from '@kindred/core';
import { z } from 'zod';

import { type Column, countKinds, type NamedColumn } from './calibration-data.js';
import { directionNote } from './direction.js';

/** The option `minPerClass` of calibrators. */
export const minPerClassOption = (count: number) =>
  z
    .int()
    .min(1)
    .default(count)
    .describe('Held-out images that must carry a label, and as many that must not, for a fit of its own.');

/** What was fitted for each label, and what a person should know of it. */
export interface LabelFits<Fit> {
  readonly fits: readonly Fit[];
  readonly notes: readonly string[];
}

/**
 * Fits each label by itself. One with fewer than `minPerClass` images of either kind takes a fit over the pairs of all labels together,
 * with a note.
 * @throws KINDRED_CALIBRATION_DATA if all labels together have too few images of either kind
 */
export function fitEachLabel<Fit>(
  component: string,
  columns: readonly NamedColumn[],
  minPerClass: number,
  fit: (column: Column) => Fit,
): LabelFits<Fit> {
  const notes: string[] = [];
  let shared: Fit | undefined;
  const fits = columns.map((column) => {
    if (isEnough(column, minPerClass)) {
      const note = directionNote(column);
      if (note) notes.push(note);
      return fit(column);
    }
    shared ??= fit(pooled(component, columns, minPerClass));
    notes.push(sharedNote(column, minPerClass));
    return shared;
  });
  return { fits, notes };
}

/** All labels as one column. */
export function together(columns: readonly Column[]): Column {
  return {
    scores: Float32Array.from(columns.flatMap(({ scores }) => [...scores])),
    targets: Uint8Array.from(columns.flatMap(({ targets }) => [...targets])),
  };
}

/**
 * All labels as one column, to fit on.
 * @throws KINDRED_CALIBRATION_DATA if it has fewer than `minPerClass` pairs of either kind
 */
export function pooled(component: string, columns: readonly NamedColumn[], minPerClass: number): Column {
  const all = together(columns);
  if (isEnough(all, minPerClass)) return all;
  const counts = columns.map((column) => ({ name: column.name, ...countKinds(column) }));
  const listed = counts.map(({ name, positives, negatives }) => `${positives} and ${negatives} for ${name}`);
  throw new KindredError('KINDRED_CALIBRATION_DATA', {
    message: `The calibrator ${component} must get at least ${minPerClass} held-out images that carry a label and ${minPerClass} that do not. Got ${listed.join(', ')}.`,
    received: counts,
    hint: 'Hold out more images, of both kinds (for a detector: others than normal ones too), or leave the calibrator out.',
  });
}

function isEnough(column: Column, minPerClass: number): boolean {
  const { positives, negatives } = countKinds(column);
  return Math.min(positives, negatives) >= minPerClass;
}

function sharedNote(column: NamedColumn, minPerClass: number): string {
  const { positives, negatives } = countKinds(column);
  return (
    `${column.name} is calibrated as all labels together: ${positives} of ${positives + negatives} held-out images carry it, ` +
    `${minPerClass} that do and as many that do not are needed for a fit of its own.`
  );
}
