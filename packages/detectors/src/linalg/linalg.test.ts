import { createRandom, float32 } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { cholesky } from './cholesky.js';
import { crossProduct, gram, multiplyTransposed, rowGram } from './products.js';
import { invertLower } from './invert-lower.js';
import { leadingEigen } from './leading-eigen.js';
import { symmetricEigen, symmetricEigenAsync } from './symmetric-eigen.js';

const SIZES = [1, 2, 3, 5, 16, 49, 101];

/** `x^T x / rows` of random rows. */
function covariance(n: number, rows: number, scale: (column: number) => number = () => 1): Float64Array {
  const random = createRandom(n);
  const x = Array.from({ length: rows }, () => Array.from({ length: n }, (_, j) => random.normal() * scale(j)));
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) a[i * n + j] = x.reduce((sum, row) => sum + row[i]! * row[j]!, 0) / rows;
  }
  return a;
}

/** `a b^T`, or `a b`, of `[rows, n]` and `[width, n]` or a square matrix. */
function product(a: Float64Array, b: Float64Array, n: number, transposed: boolean, width = n): Float64Array {
  return Float64Array.from({ length: (a.length / n) * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[i * n + k]! * b[transposed ? j * n + k : k * n + j]!;
    return sum;
  });
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

const identity = (n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));

describe('cholesky', () => {
  it.each(SIZES)('gives a lower factor whose product with its transpose is the matrix, n = %d', (n) => {
    const a = covariance(n, 2 * n + 1);
    const l = cholesky(a, n)!;
    expect(largestDifference(product(l, l, n, true), a)).toBeLessThan(1e-13);
    expect(l.every((value, at) => at % n <= Math.floor(at / n) || value === 0)).toBe(true);
  });

  it.each([
    ['fewer rows than columns', 6, covariance(6, 3)],
    ['a negative eigenvalue', 2, Float64Array.of(1, 2, 2, 1)],
    ['zeros', 2, new Float64Array(4)],
    ['NaN', 1, Float64Array.of(NaN)],
  ])('gives undefined for a matrix of %s', (_, n, a) => {
    expect(cholesky(a, n)).toBeUndefined();
  });

  it('reads the lower triangle alone and changes nothing', () => {
    const a = Float64Array.of(4, 99, 2, 5);
    expect([...cholesky(a, 2)!]).toEqual([2, 0, 1, 2]);
    expect([...a]).toEqual([4, 99, 2, 5]);
  });
});

describe('invertLower', () => {
  it.each(SIZES)('gives the inverse of a lower factor, n = %d', (n) => {
    const l = cholesky(covariance(n, 3 * n + 1), n)!;
    expect(largestDifference(product(invertLower(l, n), l, n, false), identity(n))).toBeLessThan(1e-12);
  });
});

describe('symmetricEigen', () => {
  it.each(SIZES)('gives values and vectors with a v = value v, in descending order, n = %d', (n) => {
    const a = covariance(n, n + 3, (column) => (column + 1) ** -1);
    const { values, vectors } = symmetricEigen(a, n);
    const scaled = vectors.map((value, at) => value * values[Math.floor(at / n)]!);
    expect(largestDifference(product(vectors, a, n, false), scaled)).toBeLessThan(1e-12);
    expect(largestDifference(product(vectors, vectors, n, true), identity(n))).toBeLessThan(1e-9);
    expect([...values]).toEqual([...values].sort((one, other) => other - one));
  });

  // The second difference matrix has the eigenvalues 2 - 2 cos(k pi / (n + 1)).
  it('equals the closed form of the second difference matrix', () => {
    const n = 60;
    const a = Float64Array.from({ length: n * n }, (_, at) => [2, -1][Math.abs(Math.floor(at / n) - (at % n))] ?? 0);
    const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((n - k) * Math.PI) / (n + 1)));
    expect(largestDifference(symmetricEigen(a, n).values, expected)).toBeLessThan(1e-13);
  });

  it.each([
    ['the identity', 7, identity(7)],
    ['zeros', 5, new Float64Array(25)],
    ['a matrix of rank 3', 40, covariance(40, 3)],
    ['ones', 9, new Float64Array(81).fill(1)],
    ['numbers near the small end of float64', 6, covariance(6, 9).map((value) => value * 1e-290)],
    ['numbers near the large end of float64', 6, covariance(6, 9).map((value) => value * 1e290)],
  ])('gives orthogonal vectors of equal eigenvalues: %s', (_, n, a) => {
    const { values, vectors } = symmetricEigen(a, n);
    const size = Math.max(...values) || 1;
    const scaled = vectors.map((value, at) => value * (values[Math.floor(at / n)]! / size));
    const products = product(
      vectors,
      a.map((value) => value / size),
      n,
      false,
    );
    expect(largestDifference(products, scaled)).toBeLessThan(1e-12);
    expect(largestDifference(product(vectors, vectors, n, true), identity(n))).toBeLessThan(1e-9);
  });

  it('gives only the leading vectors where fewer are wanted', () => {
    const a = covariance(20, 30);
    const all = symmetricEigen(a, 20);
    const leading = symmetricEigen(a, 20, 3);
    expect(leading.values).toEqual(all.values);
    expect(largestDifference(leading.vectors, all.vectors.subarray(0, 60))).toBeLessThan(1e-12);
  });

  it('is the same when it lets others work, and stops when it is told to', async () => {
    const a = covariance(30, 40);
    const signal = new AbortController().signal;
    expect(await symmetricEigenAsync(a, 30, () => 30, signal)).toEqual(symmetricEigen(a, 30));
    const n = 700;
    const large = Float64Array.from({ length: n * n }, (_, at) => 1 / (1 + Math.floor(at / n) + (at % n)));
    await expect(symmetricEigenAsync(large, n, () => n, AbortSignal.abort('enough'))).rejects.toBe('enough');
  });
});

describe('leadingEigen', () => {
  it('gives the leading values and vectors of a spectrum that decays', async () => {
    const a = covariance(60, 90, (column) => 0.7 ** column);
    const exact = symmetricEigen(a, 60, 5);
    const { values, vectors } = (await leadingEigen(a, 60, 5, createTestContext()))!;
    // Products in float32.
    expect(largestDifference(values.subarray(0, 5), exact.values.subarray(0, 5)) / exact.values[0]!).toBeLessThan(1e-6);
    const cosines = product(vectors.subarray(0, 5 * 60), exact.vectors, 60, true, 5);
    expect(largestDifference(cosines.map(Math.abs), identity(5))).toBeLessThan(1e-4);
  });

  it('comes near to the variance of a flat spectrum, where vectors are not determined', async () => {
    const a = covariance(60, 400);
    const sum = (values: Float64Array): number => values.subarray(0, 8).reduce((all, value) => all + value);
    const { values } = (await leadingEigen(a, 60, 8, createTestContext()))!;
    expect(sum(values) / sum(symmetricEigen(a, 60).values)).toBeGreaterThan(0.97);
  });

  it('misses little of the variance of a slowly falling spectrum', async () => {
    const a = covariance(150, 400, (column) => (1 + column) ** -0.5);
    const sum = (values: Float64Array): number => values.subarray(0, 30).reduce((all, value) => all + value);
    const { values } = (await leadingEigen(a, 150, 30, createTestContext()))!;
    // scikit-learn's randomized solver misses 4e-4 to 7e-4 of such.
    expect(1 - sum(values) / sum(symmetricEigen(a, 150).values)).toBeLessThan(3e-4);
  });

  it('gives values within rounding of zero beyond the rank, and undefined for a matrix of zeros', async () => {
    const a = covariance(40, 4);
    const { values } = (await leadingEigen(a, 40, 8, createTestContext()))!;
    expect(largestDifference(values.subarray(4, 8), new Float64Array(4)) / values[0]!).toBeLessThan(1e-6);
    expect(await leadingEigen(new Float64Array(1600), 40, 8, createTestContext())).toBeUndefined();
  });
});

describe('products on the engine', () => {
  const matrixOf = (rows: number, columns: number) => {
    const random = createRandom(rows + columns);
    return float32(
      [rows, columns],
      Array.from({ length: rows * columns }, () => random.integer(7) - 3),
    );
  };
  const dot = (one: number[], other: number[]) => one.reduce((sum, value, i) => sum + value * other[i]!, 0);
  const rowsOf = ({ shape: [rows = 0, columns = 0], data }: ReturnType<typeof matrixOf>) =>
    Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
  const columnsOf = (x: ReturnType<typeof matrixOf>) =>
    Array.from({ length: x.shape[1]! }, (_, j) => rowsOf(x).map((row) => row[j]!));
  const all = (one: number[][], other: number[][]) => one.flatMap((a) => other.map((b) => dot(a, b)));

  // Integers are exact; 4100 rows make four chunks, the last of which is filled up.
  it.each([1, 7, 4099])('equal sums over %d rows', async (rows) => {
    const ctx = createTestContext();
    const [a, b] = [matrixOf(rows, 3), matrixOf(rows, 2)];
    expect([...(await gram(a, ctx))]).toEqual(all(columnsOf(a), columnsOf(a)));
    expect([...(await crossProduct(a, b, ctx))]).toEqual(all(columnsOf(a), columnsOf(b)));
    const c = matrixOf(5, 3);
    expect([...(await multiplyTransposed(a, c, ctx)).data]).toEqual(all(rowsOf(a), rowsOf(c)));
    expect([...(await rowGram(c, ctx))]).toEqual(all(rowsOf(c), rowsOf(c)));
  });

  it('stop when they are told to', async () => {
    const ctx = createTestContext({ signal: AbortSignal.abort('enough') });
    await expect(gram(matrixOf(5000, 2), ctx)).rejects.toBe('enough');
  });
});
