import { setImmediate } from 'node:timers/promises';

import { type Context, float32, int32, type NdArrays } from '@kindred/core';

import { drawsOf } from './draws.js';
import { growTree, type IsolationTree } from './isolation-tree.js';

export interface ForestSize {
  readonly trees: number;
  /** Rows that each tree is grown on. */
  readonly samples: number;
  /** Columns that each tree may look at. */
  readonly features: number;
  readonly bootstrap: boolean;
}

/** All trees, one after another, as `treeEnsemble` takes them. */
export interface Forest {
  readonly tensors: NdArrays;
  /** Of the deepest leaf. */
  readonly depth: number;
}

/** Grows isolation trees on rows of `x` `[rows, columns]`, each on a draw of its own. */
export async function growForest(
  x: Float32Array,
  [rows, columns]: readonly [number, number],
  { trees: count, samples, features, bootstrap }: ForestSize,
  { random, signal, progress }: Pick<Context, 'random' | 'signal' | 'progress'>,
): Promise<Forest> {
  const limits = { columns, maxDepth: Math.ceil(Math.log2(samples)) };
  const drawRows = drawsOf(rows, samples, bootstrap, random.fork('rows'));
  const drawFeatures = drawsOf(columns, features, false, random.fork('features'));
  const splits = random.fork('splits');
  const step = progress.start({ name: 'isolation-forest', total: count, unit: 'trees' });
  const trees: IsolationTree[] = [];
  try {
    for (let i = 0; i < count; i++) {
      trees.push(growTree(x, drawRows(), drawFeatures(), limits, splits));
      step.advance(1);
      // Gives way to what waits: an abort among others.
      await setImmediate();
      signal.throwIfAborted();
    }
  } finally {
    step.end();
  }
  return join(trees);
}

function join(trees: readonly IsolationTree[]): Forest {
  const roots = new Int32Array(trees.length);
  for (let i = 1; i < trees.length; i++) roots[i] = roots[i - 1]! + trees[i - 1]!.feature.length;
  const nodes = trees.reduce((sum, { feature }) => sum + feature.length, 0);
  const [feature, left, right] = [int32([nodes]), int32([nodes]), int32([nodes])];
  const [threshold, pathLength] = [float32([nodes]), float32([nodes])];
  for (const [i, tree] of trees.entries()) {
    const root = roots[i]!;
    feature.data.set(tree.feature, root);
    threshold.data.set(tree.threshold, root);
    left.data.set(
      tree.left.map((child) => root + child),
      root,
    );
    right.data.set(
      tree.right.map((child) => root + child),
      root,
    );
    pathLength.data.set(tree.pathLength, root);
  }
  return {
    tensors: { roots: int32([trees.length], roots), feature, threshold, left, right, pathLength },
    depth: Math.max(...trees.map(({ depth }) => depth)),
  };
}
