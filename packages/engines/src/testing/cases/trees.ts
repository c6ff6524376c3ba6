import { float32, int32, toTensor, treeEnsemble, type Trees } from '@kindred/core';

import { numbers, type NumericCase } from '../numeric-case.js';

const DEPTH = 4;

/** A forest of full trees of depth 4 over `columns` columns, and one of a single leaf. */
function forest(trees: number, columns: number): Trees {
  const size = 2 ** (DEPTH + 1) - 1;
  const nodes = trees * size + 1;
  const place = Int32Array.from({ length: nodes }, (_, node) => node);
  // Breadth first: the children of a tree's node i are 2 i + 1 and 2 i + 2, its leaves the second half.
  const child = (side: number) =>
    place.map((node) => (node % size < size >> 1 && node + 1 < nodes ? node + (node % size) + side : node));
  return {
    roots: toTensor(
      int32(
        [trees + 1],
        Int32Array.from({ length: trees + 1 }, (_, tree) => tree * size),
      ),
    ),
    feature: toTensor(int32([nodes], Int32Array.from(numbers([nodes], 2, 0, columns).data, Math.floor))),
    threshold: toTensor(float32([nodes], numbers([nodes], 3, -1, 1).data)),
    left: toTensor(int32([nodes], child(1))),
    right: toTensor(int32([nodes], child(2))),
    value: toTensor(numbers([nodes], 4)),
    depth: DEPTH,
  };
}

export const treeCases: readonly NumericCase[] = [
  { name: 'trees', f: (x) => treeEnsemble(x, forest(7, 5)), x: [numbers([60, 5])], gradients: false },
  { name: 'trees and many rows', f: (x) => treeEnsemble(x, forest(90, 3)), x: [numbers([300, 3])], gradients: false },
  { name: 'trees and one row', f: (x) => treeEnsemble(x, forest(90, 5)), x: [numbers([1, 5])], gradients: false },
  { name: 'a tree of one leaf', f: (x) => treeEnsemble(x, forest(0, 2)), x: [numbers([3, 2])], gradients: false },
  {
    name: 'trees send NaN to the right, and what equals the threshold to the left',
    f: (x) => treeEnsemble(x, { ...forest(3, 2), threshold: toTensor(float32([94])) }),
    x: [float32([7, 2], [0, 0, 0, 1, 1, 0, NaN, 0, 0, NaN, Infinity, -Infinity, -0, NaN])],
    gradients: false,
  },
];
