import type { MetricInput } from '../plugin/contract.js';

/** How decisions and truth meet, by label. */
export interface Confusion {
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly falseNegatives: Float64Array;
  /** Images counted. */
  readonly samples: number;
}

/** Prepares `input` for counting: true negatives, most of all pairs, are never visited again. */
export function prepareConfusion({ labels, targets, decisions }: MetricInput): (counts: Uint32Array) => Confusion {
  const size = labels.length;
  // Three counters in one array: which of them a pair adds to is known beforehand.
  const cells = new Uint32Array(countTrue(targets.data, decisions.data));
  const rows = new Uint32Array(cells.length);
  let next = 0;
  for (let i = 0; i < targets.data.length; i++) {
    const target = targets.data[i];
    const decision = decisions.data[i];
    if (!target && !decision) continue;
    const counter = target && decision ? 0 : decision ? 1 : 2;
    cells[next] = counter * size + (i % size);
    rows[next++] = Math.floor(i / size);
  }

  return (counts) => {
    const counted = new Float64Array(3 * size);
    for (let i = 0; i < cells.length; i++) counted[cells[i]!]! += counts[rows[i]!]!;
    return {
      truePositives: counted.subarray(0, size),
      falsePositives: counted.subarray(size, 2 * size),
      falseNegatives: counted.subarray(2 * size),
      samples: sum(counts),
    };
  };
}

function countTrue(targets: Uint8Array, decisions: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < targets.length; i++) if (targets[i] || decisions[i]) count++;
  return count;
}

export function sum(values: Float64Array | Uint32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
