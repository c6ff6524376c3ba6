import type { Context, NdArray } from '@kindred/core';

import type { CentreDistances } from './centre-distances.js';
import { rowsOf } from './rows-of.js';

/** Squared distances below this share of a row's squared norm are rounding: the rows count as equal. */
const ROUNDING = 1e-6;

/** How many candidates each step of k-means++ takes the best of: scikit-learn's number. */
export const candidatesFor = (clusters: number): number => 2 + Math.floor(Math.log(clusters));

/**
 * Greedy k-means++ (Arthur & Vassilvitskii 2007): the indices of `clusters` rows of `x` `[N, D]`, the first drawn uniformly, each next by its
 * squared distance to those chosen. Fewer where `x` has fewer distinct rows.
 * @param distances Of the rows of `x`, with a width of at least `candidatesFor(clusters)`.
 */
export async function seedByDistance(
  { random, signal }: Pick<Context, 'random' | 'signal'>,
  x: NdArray<'float32'>,
  clusters: number,
  distances: CentreDistances,
): Promise<number[]> {
  const rows = x.shape[0]!;
  const { norms } = distances;
  const closest = new Float64Array(rows).fill(Infinity);
  const seeds: number[] = [];
  let candidates = [random.integer(rows)];
  for (;;) {
    signal.throwIfAborted();
    const found = await distances.to(rowsOf(x, candidates));
    const best = smallestPotential(found, distances.width, candidates.length, closest);
    seeds.push(candidates[best]!);
    let potential = 0;
    for (let i = 0; i < rows; i++) {
      const distance = found[i * distances.width + best]!;
      closest[i] = Math.min(closest[i]!, distance > ROUNDING * norms[i]! ? distance : 0);
      potential += closest[i]!;
    }
    if (seeds.length === clusters || potential === 0) return seeds;
    const total = potential;
    candidates = Array.from({ length: candidatesFor(clusters) }, () => rowAt(closest, random.next() * total));
  }
}

/** `clusters` rows drawn without return, each as likely. */
export function seedAtRandom({ random }: Pick<Context, 'random'>, rows: number, clusters: number): number[] {
  return random.shuffle(Array.from({ length: rows }, (_, i) => i)).slice(0, clusters);
}

/** Which of `count` candidates would leave the smallest sum of squared distances to the closest seed. */
function smallestPotential(found: Float32Array, width: number, count: number, closest: Float64Array): number {
  const potentials = new Float64Array(count);
  for (let i = 0; i < closest.length; i++) {
    for (let c = 0; c < count; c++) potentials[c]! += Math.min(closest[i]!, found[i * width + c]!);
  }
  return potentials.indexOf(Math.min(...potentials));
}

/** The row in which cumulated weights pass `target`; never one of weight 0. */
function rowAt(weights: Float64Array, target: number): number {
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    sum += weights[i]!;
    if (sum > target) break;
  }
  return last;
}
