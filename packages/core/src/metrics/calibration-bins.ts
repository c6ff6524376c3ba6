import { z } from 'zod';

import { descendingOrder } from './descending-order.js';

/** How probabilities are put into bins: scikit-learn's names of `calibration_curve`. */
export const binOptions = z.strictObject({
  bins: z.int().min(1).default(15).describe('Number of bins.'),
  strategy: z
    .enum(['uniform', 'quantile'])
    .default('uniform')
    .describe('uniform: bins of equal width. quantile: bins of about as many images each.'),
});
export type BinOptions = z.output<typeof binOptions>;

/** Sums over the images of each bin. */
export interface Bins {
  readonly counts: Float64Array;
  readonly probabilities: Float64Array;
  readonly positives: Float64Array;
}

/** Probabilities from lowest to highest, sorted once for any number of bootstrap samples. */
export interface Ascending {
  readonly probabilities: Float32Array;
  readonly positive: Uint8Array;
  /** The image that each belongs to. */
  readonly rows: Uint32Array;
}

/** Column `column` of row-major `scores` and `targets` `[N, columns]`, sorted. */
export function ascending(scores: Float32Array, targets: Uint8Array, columns = 1, column = 0): Ascending {
  const own = scores.filter((_, i) => i % columns === column);
  const rows = descendingOrder(own).reverse();
  return {
    probabilities: Float32Array.from(rows, (row) => own[row]!),
    positive: Uint8Array.from(rows, (row) => targets[row * columns + column]!),
    rows,
  };
}

/**
 * Puts probabilities into bins that hold their upper end, not their lower one. `counts` says how often each image counts; quantiles are
 * those of the images as often as they count, by linear interpolation, so that equal probabilities share a bin and some may be empty.
 */
export function fillBins(sorted: Ascending, counts: Uint32Array, { bins, strategy }: BinOptions): Bins {
  const { probabilities, positive, rows } = sorted;
  const ends = strategy === 'uniform' ? uniformEnds(bins) : quantileEnds(sorted, counts, bins);
  const result = {
    counts: new Float64Array(bins),
    probabilities: new Float64Array(bins),
    positives: new Float64Array(bins),
  };
  let bin = 0;
  for (let i = 0; i < rows.length; i++) {
    const count = counts[rows[i]!]!;
    if (count === 0) continue;
    while (bin < bins - 1 && probabilities[i]! > ends[bin]!) bin++;
    result.counts[bin]! += count;
    result.probabilities[bin]! += count * probabilities[i]!;
    result.positives[bin]! += count * positive[i]!;
  }
  return result;
}

/** The upper ends of all bins but the last. */
function uniformEnds(bins: number): Float64Array {
  return Float64Array.from({ length: bins - 1 }, (_, i) => (i + 1) * (1 / bins));
}

function quantileEnds({ probabilities, rows }: Ascending, counts: Uint32Array, bins: number): Float64Array {
  let total = 0;
  for (let i = 0; i < rows.length; i++) total += counts[rows[i]!]!;
  const ends = new Float64Array(bins - 1);
  // Walks the images, each as often as it counts, without writing them down: `i` holds the positions below `reached`.
  let i = -1;
  let reached = 0;
  const at = (position: number): number => {
    while (reached <= position && i + 1 < rows.length) reached += counts[rows[++i]!]!;
    return probabilities[i]!;
  };
  for (let end = 0; end < bins - 1 && total > 0; end++) {
    const position = ((end + 1) * (total - 1)) / bins;
    const below = Math.floor(position);
    const low = at(below);
    const share = position - below;
    ends[end] = share === 0 ? low : low + (at(below + 1) - low) * share;
  }
  return ends;
}
