import type { Random } from '@kindred/core';

import { averagePathLength } from './average-path-length.js';

/** Features that vary by no more than this among the samples of a node count as constant there, as in scikit-learn. */
const CONSTANT = 1e-7;

/** One tree; places are within it. Nodes of the left side follow their parent at once; a leaf is its own left and right child. */
export interface IsolationTree {
  readonly feature: number[];
  readonly threshold: number[];
  readonly left: number[];
  readonly right: number[];
  /** Of a leaf: its depth, and what further splits of its samples would add to it on average. */
  readonly pathLength: number[];
  depth: number;
}

export interface GrowthLimits {
  readonly columns: number;
  readonly maxDepth: number;
}

/**
 * Grows a tree on `rows` of `x` `[N, columns]`: each node splits its samples at a place drawn uniformly between the least and the
 * greatest value of a feature drawn from those of `features` that are not constant among them. Reorders `rows` and `features`.
 */
export function growTree(
  x: Float32Array,
  rows: Int32Array,
  features: Int32Array,
  { columns, maxDepth }: GrowthLimits,
  random: Random,
): IsolationTree {
  const tree: IsolationTree = { feature: [], threshold: [], left: [], right: [], pathLength: [], depth: 0 };
  /** The drawn feature of a node's samples, in their order. */
  const values = new Float32Array(rows.length);

  /** Features in places below `constants` are known to be constant among the samples from `start` to `end`. */
  const grow = (start: number, end: number, depth: number, constants: number): number => {
    const place = tree.feature.length;
    tree.feature.push(0);
    tree.threshold.push(0);
    tree.left.push(place);
    tree.right.push(place);
    tree.pathLength.push(0);
    const split = depth < maxDepth && end - start > 1 ? drawSplit(start, end, constants) : undefined;
    if (!split) {
      tree.pathLength[place] = depth + averagePathLength(end - start);
      tree.depth = Math.max(tree.depth, depth);
      return place;
    }
    tree.feature[place] = split.feature;
    tree.threshold[place] = split.threshold;
    const middle = partition(start, end, split.threshold);
    tree.left[place] = grow(start, middle, depth + 1, split.constants);
    tree.right[place] = grow(middle, end, depth + 1, split.constants);
    return place;
  };

  /**
   * Draws features until one is not constant, and moves those that are to the front: the children need not look at them again.
   * Undefined if all are. Leaves the feature's values in `values`.
   */
  const drawSplit = (start: number, end: number, known: number) => {
    for (let constants = known; constants < features.length; constants++) {
      const drawn = constants + random.integer(features.length - constants);
      const feature = features[drawn]!;
      let least = Infinity;
      let greatest = -Infinity;
      for (let i = start; i < end; i++) {
        const value = x[rows[i]! * columns + feature]!;
        values[i] = value;
        if (value < least) least = value;
        if (value > greatest) greatest = value;
      }
      if (greatest > Math.fround(least + Math.fround(CONSTANT))) {
        return { feature, threshold: drawThreshold(least, greatest, random), constants };
      }
      features[drawn] = features[constants]!;
      features[constants] = feature;
    }
    return undefined;
  };

  /** Moves samples of values up to `threshold` to the front; returns where the others begin. */
  const partition = (start: number, end: number, threshold: number): number => {
    let [i, j] = [start, end];
    while (i < j) {
      if (values[i]! <= threshold) {
        i++;
        continue;
      }
      j--;
      const row = rows[i]!;
      rows[i] = rows[j]!;
      rows[j] = row;
      values[i] = values[j]!;
    }
    return i;
  };

  grow(0, rows.length, 0, 0);
  return tree;
}

/** A float32 from `least` on and below `greatest`: each side gets a sample, in the comparisons of float32 that `apply` makes too. */
function drawThreshold(least: number, greatest: number, random: Random): number {
  const threshold = Math.fround(least + random.next() * (greatest - least));
  return threshold < greatest ? threshold : least;
}
