import { createRandom } from '@kindred/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { averagePathLength } from './average-path-length.js';
import { growTree, type IsolationTree } from './isolation-tree.js';

const grow = (rows: readonly (readonly number[])[], maxDepth = 8, random = createRandom(1)): IsolationTree => {
  const columns = rows[0]!.length;
  const numbers = (count: number) => Int32Array.from({ length: count }, (_, i) => i);
  const x = Float32Array.from(rows.flat());
  return growTree(x, numbers(rows.length), numbers(columns), { columns, maxDepth }, random);
};

/** The leaf that a row reaches, and its depth. */
function leafOf({ feature, threshold, left, right }: IsolationTree, row: readonly number[]) {
  let [node, depth] = [0, 0];
  for (; left[node] !== node; depth++) {
    node = Math.fround(row[feature[node]!]!) <= threshold[node]! ? left[node]! : right[node]!;
  }
  return { node, depth };
}

describe('an isolation tree', () => {
  const values = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
  const matrices = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 }))
    .chain(([columns, rows]) =>
      fc.array(fc.array(values, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
    );

  it('gives each leaf its depth, and the average path of the samples that it holds', () => {
    fc.assert(
      fc.property(matrices, fc.integer({ min: 1, max: 6 }), fc.integer(), (rows, maxDepth, seed) => {
        const tree = grow(rows, maxDepth, createRandom(seed));
        const reached = rows.map((row) => leafOf(tree, row));
        const samples = new Map<number, number>();
        for (const { node } of reached) samples.set(node, (samples.get(node) ?? 0) + 1);
        for (const { node, depth } of reached) {
          expect(tree.pathLength[node]).toBeCloseTo(depth + averagePathLength(samples.get(node)!), 10);
        }
        // Every leaf holds a sample, and none lies deeper than it may.
        expect(samples.size).toBe((tree.feature.length + 1) / 2);
        expect(tree.depth).toBe(Math.max(...reached.map(({ depth }) => depth)));
        expect(tree.depth).toBeLessThanOrEqual(maxDepth);
      }),
    );
  });

  it('tells all different rows apart if it may grow deep enough', () => {
    const rows = Array.from({ length: 50 }, (_, i) => [i % 7, Math.floor(i / 7)]);
    expect(new Set(rows.map((row) => leafOf(grow(rows, 49), row).node)).size).toBe(50);
  });

  it('never splits by a constant feature, and keeps equal rows together', () => {
    const tree = grow([
      [5, 1, 0],
      [5, 1, 1],
      [5, 1, 1],
    ]);
    expect(tree.feature[0]).toBe(2);
    expect(tree.pathLength).toEqual([0, 1, 2]);
  });

  it('splits values that are neighbours in float32', () => {
    const tree = grow([[1024], [1024 + 2 ** -13]]);
    expect([tree.threshold[0], tree.depth]).toEqual([1024, 1]);
  });

  it("takes a feature that varies by 1e-7 for constant, as scikit-learn's trees do", () => {
    expect(grow([[0], [1e-7]]).depth).toBe(0);
    expect(grow([[0], [1.1e-7]]).depth).toBe(1);
  });

  it('draws each of the features that vary, and thresholds over their whole range, evenly', () => {
    const random = createRandom(1);
    const two = [
      [0, 7, 10],
      [1, 7, 20],
    ];
    const trees = Array.from({ length: 4000 }, () => grow(two, 8, random));
    const first = trees.filter(({ feature }) => feature[0] === 0).map(({ threshold }) => threshold[0]!);
    const last = trees.filter(({ feature }) => feature[0] === 2).map(({ threshold }) => (threshold[0]! - 10) / 10);
    expect(first.length + last.length).toBe(4000);
    // Five standard errors: sqrt(4000) / 2 = 32 of a count, sqrt(1 / 12 / 2000) = .0065 of a mean,
    // sqrt(2000 * .1 * .9) = 13 of a tenth; the 2000 may be off by 160.
    expect(Math.abs(first.length - 2000)).toBeLessThan(160);
    for (const share of [first, last]) {
      expect(Math.abs(share.reduce((sum, value) => sum + value, 0) / share.length - 0.5)).toBeLessThan(0.033);
      const tenths = Array.from({ length: 10 }, (_, i) => share.filter((value) => Math.floor(10 * value) === i).length);
      for (const count of tenths) expect(Math.abs(count - 200)).toBeLessThan(67 + 16);
    }
  });
});
