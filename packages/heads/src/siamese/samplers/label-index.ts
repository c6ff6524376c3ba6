import type { NdArray, Random } from '@kindred/core';

import { oneLabelError } from './errors.js';

/** Which images carry which label. Two images show the same where they share a label; images without a label are left out. */
export interface LabelIndex {
  /** The rows of each label that has some, in the order of the labels. */
  readonly rowsOfLabel: readonly (readonly number[])[];
  /** Rows that carry a label. */
  readonly labelled: readonly number[];
  /** Whether two rows share a label. */
  same(this: void, a: number, b: number): boolean;
}

/**
 * Reads a label matrix `[N, L]`.
 * @throws KINDRED_DATA_PAIRS if fewer than two labels have images
 */
export function indexLabels({ data, shape: [rows = 0, labels = 0] }: NdArray<'uint8'>): LabelIndex {
  const rowsOfLabel = Array.from({ length: labels }, (): number[] => []);
  const labelsOfRow = Array.from({ length: rows }, (_, row) => {
    const carried: number[] = [];
    for (let j = 0; j < labels; j++) if (data[row * labels + j] === 1) carried.push(j);
    carried.forEach((j) => rowsOfLabel[j]!.push(row));
    return carried;
  });
  const present = rowsOfLabel.filter(({ length }) => length > 0);
  if (present.length < 2) throw oneLabelError(rows, present.length);
  return {
    rowsOfLabel: present,
    labelled: labelsOfRow.flatMap((carried, row) => (carried.length > 0 ? [row] : [])),
    same: (a, b) => labelsOfRow[a]!.some((label) => labelsOfRow[b]!.includes(label)),
  };
}

/** Draws before all rows are looked through. */
const QUICK_DRAWS = 8;

/** A row that shares no label with `row`, of a label drawn first, so that rare labels come as often; undefined if there is none. */
export function drawOther(
  { rowsOfLabel, labelled, same }: LabelIndex,
  row: number,
  random: Random,
): number | undefined {
  for (let draw = 0; draw < QUICK_DRAWS; draw++) {
    const rows = rowsOfLabel[random.integer(rowsOfLabel.length)]!;
    const other = rows[random.integer(rows.length)]!;
    if (!same(row, other)) return other;
  }
  const others = labelled.filter((other) => !same(row, other));
  return others.length === 0 ? undefined : others[random.integer(others.length)];
}
