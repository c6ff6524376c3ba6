import type { NdArray } from '@kindred/core';

/** Which cluster each row belongs to, with the clusters' sizes and sums of rows `[C, D]`. */
export interface Assignment {
  readonly labels: Int32Array;
  readonly counts: Int32Array;
  readonly sums: Float64Array;
}

/** Nobody assigned yet: labels are -1. */
export function emptyAssignment(rows: number, columns: number, clusters: number): Assignment {
  return {
    labels: new Int32Array(rows).fill(-1),
    counts: new Int32Array(clusters),
    sums: new Float64Array(clusters * columns),
  };
}

/**
 * Moves each row to its nearest centre, by squared `distances` `[N, width]`; clusters without rows then take those that are farthest
 * from their centres. Sums change by the rows that moved alone, few after the first time. Says whether any row moved.
 */
export function assignNearest(
  assignment: Assignment,
  x: NdArray<'float32'>,
  distances: Float32Array,
  width: number,
): boolean {
  const { labels, counts } = assignment;
  const own = new Float32Array(labels.length);
  let moved = false;
  for (let i = 0; i < labels.length; i++) {
    let nearest = 0;
    for (let c = 1; c < counts.length; c++) {
      if (distances[i * width + c]! < distances[i * width + nearest]!) nearest = c;
    }
    own[i] = distances[i * width + nearest]!;
    if (move(assignment, x, i, nearest)) moved = true;
  }
  counts.forEach((count, c) => {
    if (count > 0) return;
    const farthest = farthestRow(own, labels, counts);
    if (farthest === undefined) return;
    own[farthest] = 0;
    if (move(assignment, x, farthest, c)) moved = true;
  });
  return moved;
}

/** The means `[C, D]` of the clusters' rows; those of clusters without rows are zero. */
export function centresOf({ counts, sums }: Assignment): Float32Array {
  const columns = sums.length / counts.length;
  const centres = new Float32Array(sums.length);
  for (let c = 0, at = 0; c < counts.length; c++) {
    const share = 1 / Math.max(1, counts[c]!);
    for (const end = at + columns; at < end; at++) centres[at] = sums[at]! * share;
  }
  return centres;
}

function move({ labels, counts, sums }: Assignment, { data, shape }: NdArray<'float32'>, row: number, to: number) {
  const from = labels[row]!;
  if (from === to) return false;
  const columns = shape[1]!;
  for (let j = 0; j < columns; j++) {
    const value = data[row * columns + j]!;
    sums[to * columns + j]! += value;
    if (from >= 0) sums[from * columns + j]! -= value;
  }
  if (from >= 0) counts[from]!--;
  counts[to]!++;
  labels[row] = to;
  return true;
}

/** The row farthest from its centre, not counting those that are alone or on it. */
function farthestRow(own: Float32Array, labels: Int32Array, counts: Int32Array): number | undefined {
  let farthest: number | undefined;
  for (let i = 0; i < own.length; i++) {
    if (counts[labels[i]!]! > 1 && own[i]! > (farthest === undefined ? 0 : own[farthest]!)) farthest = i;
  }
  return farthest;
}
