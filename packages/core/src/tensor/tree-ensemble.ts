import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import { requireTrees, type TreeArrays } from './tree-arrays.js';

/** The tfjs kernel behind `treeEnsemble`: inputs `x` and those of `Trees`, attributes `{ depth }`. */
export const TREE_ENSEMBLE = 'KindredTreeEnsemble';

/**
 * Binary decision trees side by side: T trees of M nodes in all. A tree's nodes follow one another, its root first, children after their
 * parent. A row goes left where its feature is at most the threshold, else right (NaN too). A leaf is its own left and right child.
 */
export interface Trees {
  /** int32 `[T]`: where each tree begins, the first at 0. */
  readonly roots: Tensor;
  /** int32 `[M]`: the column that a node looks at. */
  readonly feature: Tensor;
  /** float32 `[M]`. */
  readonly threshold: Tensor;
  /** int32 `[M]`: places of children. */
  readonly left: Tensor;
  readonly right: Tensor;
  /** float32 `[M]`: what a leaf adds to the result. */
  readonly value: Tensor;
  /** Edges on the longest way from a root to a leaf. */
  readonly depth: number;
}

/**
 * onnxruntime takes more than a microsecond to load a node of its operator's, for each new shape of input in each worker: above so
 * many nodes, half a second, gathers are done with some thousand rows before.
 */
const MOST_NODES = 2 ** 18;

/**
 * For each row of `x` `[N, D]` the sum over all trees of the value of the leaf that the row reaches: float32 `[N]`. Forests and boosted
 * trees are such sums. An engine compiles it to one native operator where it has one (ONNX: TreeEnsembleRegressor, which took a
 * quarter of the time of gathers at 20 000 rows of 512 features and 100 trees of depth 8), else to `depth` rounds of
 * gathers. Not differentiable. The trees must be constants of the program, or tensors made outside of it.
 * @throws KINDRED_ENGINE_INPUT if they are not such trees, KINDRED_ENGINE_DATA_DEPENDENT if they are computed from inputs
 */
export function treeEnsemble(x: Tensor, trees: Trees): Tensor {
  const { depth, ...tensors } = trees;
  const isKernel = tf.getKernel(TREE_ENSEMBLE, tf.getBackend()) as tf.KernelConfig | undefined;
  if (!isKernel || trees.feature.size > MOST_NODES) return gatherTrees(x, trees);
  return tf.engine().runKernel(TREE_ENSEMBLE, { x, ...tensors }, { depth });
}

/** The same with tfjs' own ops, for backends without a kernel for it: all rows go one step down in all trees at once. */
export function gatherTrees(x: Tensor, { roots, feature, threshold, left, right, value, depth }: Trees): Tensor {
  return tf.tidy(() => {
    let node = tf.tile(tf.reshape(roots, [1, -1]), [x.shape[0], 1]);
    for (let step = 0; step < depth; step++) {
      const seen = tf.gather(x, tf.gather(feature, node), 1, 1);
      const goesLeft = tf.lessEqual(seen, tf.gather(threshold, node));
      node = tf.where(goesLeft, tf.gather(left, node), tf.gather(right, node));
    }
    return tf.sum(tf.gather(value, node), 1);
  });
}

/** Makes `treeEnsemble` a kernel of a tfjs backend that can be read and written synchronously. Idempotent. */
export function registerTreeEnsemble(backendName: string): void {
  if (tf.getKernel(TREE_ENSEMBLE, backendName) !== undefined) return;
  tf.registerKernel({
    kernelName: TREE_ENSEMBLE,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const memory = backend as tf.KernelBackend;
      // tfjs types all inputs alike; these are what `treeEnsemble` passes.
      const { x, roots, feature, threshold, left, right, value } = inputs as Record<keyof Trees | 'x', tf.TensorInfo>;
      const floats = ({ dataId }: tf.TensorInfo) => memory.readSync(dataId) as Float32Array;
      const integers = ({ dataId }: tf.TensorInfo) => memory.readSync(dataId) as Int32Array;
      const trees: TreeArrays = {
        roots: integers(roots),
        feature: integers(feature),
        threshold: floats(threshold),
        left: integers(left),
        right: integers(right),
        value: floats(value),
        depth: Number(attrs?.depth),
      };
      const [rows, columns] = x.shape as [number, number];
      requireTrees(trees, columns);
      const sums = sumOfLeaves(floats(x), rows, columns, trees);
      return { dataId: memory.write(sums, [rows], 'float32'), shape: [rows], dtype: 'float32' };
    },
  });
}

function sumOfLeaves(x: Float32Array, rows: number, columns: number, trees: TreeArrays): Float32Array {
  const { roots, feature, threshold, left, right, value } = trees;
  const sums = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let sum = 0;
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree]!;
      while (left[node] !== node) node = x[start + feature[node]!]! <= threshold[node]! ? left[node]! : right[node]!;
      sum += value[node]!;
    }
    sums[row] = sum;
  }
  return sums;
}
