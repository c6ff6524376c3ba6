import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { float32, int32 } from './nd-array.js';
import { prepareTf, toNdArray, toTensor } from './tf-runtime.js';
import { requireTrees, type TreeArrays } from './tree-arrays.js';
import { gatherTrees, registerTreeEnsemble, TREE_ENSEMBLE, treeEnsemble, type Trees } from './tree-ensemble.js';

beforeAll(prepareTf);

/** x0 <= 0.5 ? (x1 <= -1 ? 10 : 20) : 30, and a second tree that is a leaf of value 1. */
const TWO: TreeArrays = {
  roots: Int32Array.of(0, 5),
  feature: Int32Array.of(0, 1, 0, 0, 0, 0),
  threshold: Float32Array.of(0.5, -1, 0, 0, 0, 0),
  left: Int32Array.of(1, 2, 2, 3, 4, 5),
  right: Int32Array.of(4, 3, 2, 3, 4, 5),
  value: Float32Array.of(0, 0, 10, 20, 30, 1),
  depth: 2,
};

const tensorsOf = ({ roots, feature, threshold, left, right, value, depth }: TreeArrays): Trees => ({
  roots: toTensor(int32([roots.length], roots)),
  feature: toTensor(int32([feature.length], feature)),
  threshold: toTensor(float32([threshold.length], threshold)),
  left: toTensor(int32([left.length], left)),
  right: toTensor(int32([right.length], right)),
  value: toTensor(float32([value.length], value)),
  depth,
});

/** The same by the kernel and by gathers. */
function bothWays(trees: TreeArrays, rows: readonly (readonly number[])[]): number[][] {
  const x = float32([rows.length, rows[0]?.length ?? 0], rows.flat());
  const results: number[][] = [];
  tf.tidy(() => {
    for (const way of [treeEnsemble, gatherTrees]) {
      const { shape, dtype, data } = toNdArray(way(toTensor(x), tensorsOf(trees)));
      expect([shape, dtype]).toEqual([[rows.length], 'float32']);
      results.push([...data]);
    }
  });
  return results;
}

describe('a tree ensemble', () => {
  const rows = [
    [0, -2],
    [0.5, -1],
    [0.5, -0.99],
    [0.51, -2],
    [NaN, -2],
    [0, NaN],
    [-Infinity, Infinity],
  ];
  it('adds what the leaves give that a row reaches: left where at most the threshold, right where NaN', () => {
    const expected = [11, 11, 21, 31, 31, 21, 21];
    expect(bothWays(TWO, rows)).toEqual([expected, expected]);
  });

  it('gives a row the same alone', () => {
    expect(bothWays(TWO, [[0.51, -2]])).toEqual([[31], [31]]);
  });

  it('may be of leaves only', () => {
    const leaves = { ...TWO, roots: Int32Array.of(0, 1), left: Int32Array.of(0, 1), right: Int32Array.of(0, 1) };
    const two = {
      ...leaves,
      feature: new Int32Array(2),
      threshold: new Float32Array(2),
      value: Float32Array.of(3, 4),
      depth: 0,
    };
    expect(bothWays(two, [[1], [2]])).toEqual([
      [7, 7],
      [7, 7],
    ]);
  });

  it('is the same by gathers, whatever the trees', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 60, maxLength: 200 }), (draws) => {
        const trees = drawnTrees(draws);
        requireTrees(trees, 3);
        const some = Array.from({ length: 5 }, (_, i) => [draws[i]!, draws[i + 5]!, draws[i + 10]!]);
        const [kernel, gathers] = bothWays(trees, some);
        // At most 20 values of up to 1 are added in float32, in another order.
        return kernel!.every((sum, i) => Math.abs(sum - gathers![i]!) < 1e-5);
      }),
    );
  });

  it('may be registered again', () => {
    const before = tf.getKernel(TREE_ENSEMBLE, 'cpu');
    registerTreeEnsemble('cpu');
    expect(tf.getKernel(TREE_ENSEMBLE, 'cpu')).toBe(before);
  });
});

/** Four trees of at most 31 nodes over 3 columns, shaped by `draws`. */
function drawnTrees(draws: readonly number[]): TreeArrays {
  const nodes: { feature: number; threshold: number; left: number; right: number; value: number }[] = [];
  let next = 0;
  const draw = () => draws[next++ % draws.length]!;
  const grow = (depth: number): number => {
    const place = nodes.length;
    const node = { feature: 0, threshold: 0, left: place, right: place, value: draw() };
    nodes.push(node);
    if (depth === 0 || draw() < 0.3) return place;
    Object.assign(node, { feature: Math.floor(draw() * 2.99), threshold: draw(), left: grow(depth - 1) });
    node.right = grow(depth - 1);
    return place;
  };
  const roots = [0, 1, 2, 3].map(() => grow(4));
  const list = (key: keyof (typeof nodes)[number]) => nodes.map((node) => node[key]);
  return {
    roots: Int32Array.from(roots),
    feature: Int32Array.from(list('feature')),
    threshold: Float32Array.from(list('threshold')),
    left: Int32Array.from(list('left')),
    right: Int32Array.from(list('right')),
    value: Float32Array.from(list('value')),
    depth: 4,
  };
}

describe('trees that native code could not be trusted with', () => {
  it.each<[string, Partial<TreeArrays>, string]>([
    ['arrays of different lengths', { value: new Float32Array(5) }, 'hold 6 nodes in each array. Got 5 in value'],
    ['no tree', { roots: new Int32Array(0) }, 'begin with a root at 0. Got 6 nodes, the first root at undefined'],
    ['a root too far', { roots: Int32Array.of(0, 7) }, 'have ascending roots. Got a tree from node 0 to 7'],
    ['a root twice', { roots: Int32Array.of(0, 0) }, 'have ascending roots. Got a tree from node 0 to 0'],
    [
      'a column that is not there',
      { feature: Int32Array.of(2, 1, 0, 0, 0, 0) },
      'look at columns 0 to 1. Got 2 in node 0',
    ],
    ['a negative column', { feature: Int32Array.of(0, -1, 0, 0, 0, 0) }, 'look at columns 0 to 1. Got -1 in node 1'],
    ['a circle', { left: Int32Array.of(1, 0, 2, 3, 4, 5) }, 'have children after their parent. Got child 0 of node 1'],
    [
      'a child in another tree',
      { right: Int32Array.of(5, 3, 2, 3, 4, 5) },
      'have children after their parent. Got child 5 of node 0',
    ],
    [
      'a node with two parents',
      { right: Int32Array.of(3, 3, 2, 3, 4, 5) },
      'give each node one parent. Got two for node 3',
    ],
    ['one child', { right: Int32Array.of(1, 3, 2, 3, 4, 5) }, 'give each node one parent. Got two for node 1'],
    [
      'a node without a parent',
      { roots: Int32Array.of(0) },
      'reach each node from its root. Got node 5, which has no parent before it',
    ],
    ['more depth than it says', { depth: 1 }, 'be at most 1 deep. Got node 2 at depth 2'],
  ])('are refused: %s', (_, damage, message) => {
    expect(() => requireTrees({ ...TWO, ...damage }, 2)).toThrow(
      expect.objectContaining({
        code: 'KINDRED_ENGINE_INPUT',
        message: `The trees of a tree ensemble must ${message}.`,
      }) as Error,
    );
  });

  it('are refused by the kernel', () => {
    const damaged = tensorsOf({ ...TWO, depth: 1 });
    expect(() => treeEnsemble(tf.zeros([1, 2]), damaged)).toThrow('be at most 1 deep');
  });
});
