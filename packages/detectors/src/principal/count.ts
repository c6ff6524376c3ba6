import type { Components } from './options.js';

/** What the smallest variance is to the largest where a direction still counts: float32 products tell smaller ones from none badly. */
export const RELATIVE_TOLERANCE = 1e-6;

/** How many of the descending `variances` belong to directions that `rows` images span, their mean being taken off. */
export function rankOf(variances: Float64Array, rows: number): number {
  const least = RELATIVE_TOLERANCE * (variances[0] ?? 0);
  let rank = 0;
  while (rank < Math.min(variances.length, rows - 1) && variances[rank]! > least) rank++;
  return rank;
}

/** How many components to keep: never more than the rank. A share is exceeded by the variances kept, as in scikit-learn. */
export function countOf(components: Components, variances: Float64Array, total: number, rows: number): number {
  const rank = rankOf(variances, rows);
  if (components === 'auto') return rank;
  if (components >= 1) return Math.min(components, rank);
  let [count, sum] = [0, 0];
  while (count < rank && sum <= components * total) sum += variances[count++]!;
  return count;
}
