import { setImmediate } from 'node:timers/promises';

import { type Tridiagonal, tridiagonalize } from './tridiagonal.js';
import { tridiagonalValues } from './tridiagonal-values.js';
import { tridiagonalVectors } from './tridiagonal-vectors.js';

export interface Eigen {
  /** `[n]`, descending. */
  readonly values: Float64Array;
  /** `[wanted, n]`: row i is the unit eigenvector of value i. */
  readonly vectors: Float64Array;
}

/** How long others may have to wait, in milliseconds. */
const PATIENCE = 50;

/**
 * Eigenvalues of a symmetric matrix `[n, n]`, row-major, and the eigenvectors of the `wanted` largest: Householder's reduction, implicit QL,
 * inverse iteration. Only the lower triangle of `a` is read, and `a` stays as it was. In float64: values within rounding of the largest,
 * vectors orthogonal to about 1e-9.
 */
export function symmetricEigen(a: Float64Array, n: number, wanted: number = n): Eigen {
  const steps = eigenSteps(a, n, () => wanted);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/**
 * The same for large matrices, letting others work meanwhile. `wanted` may look at the values first.
 * @throws the signal's reason on abort
 */
export async function symmetricEigenAsync(
  a: Float64Array,
  n: number,
  wanted: (values: Float64Array) => number,
  signal: AbortSignal,
): Promise<Eigen> {
  const steps = eigenSteps(a, n, wanted);
  let rested = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - rested < PATIENCE) continue;
    await setImmediate();
    signal.throwIfAborted();
    rested = performance.now();
  }
}

function* eigenSteps(a: Float64Array, n: number, wanted: (values: Float64Array) => number): Generator<void, Eigen> {
  // Scaled by a power of two, which is exact, so that no product of two elements leaves float64.
  const scale = 2 ** Math.floor(Math.log2(largestOf(a) || 1));
  const reduced = yield* tridiagonalize(
    a.map((value) => value / scale),
    n,
  );
  const scaled = tridiagonalValues(reduced.diagonal, reduced.offDiagonal);
  const values = scaled.map((value) => value * scale);
  const vectors = yield* tridiagonalVectors(reduced, scaled.subarray(0, wanted(values)));
  yield* reflectBack(reduced, vectors);
  return { values, vectors };
}

function largestOf(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}

/** Turns the rows of `vectors`, of the tridiagonal matrix, into those of the matrix it was reduced from. */
function* reflectBack({ n, reflections, factors }: Tridiagonal, vectors: Float64Array): Generator<void, void> {
  const count = vectors.length / n;
  const whole = count - (count % 4);
  for (let row = 0; row < whole; row += 4) {
    for (let i = 1; i < n; i++) {
      if (factors[i] !== 0) reflectFour(vectors, row * n, n, reflections.subarray(i * n, i * n + i), factors[i]!);
    }
    yield;
  }
  for (let row = whole; row < count; row++) {
    const vector = vectors.subarray(row * n, row * n + n);
    for (let i = 1; i < n; i++) {
      if (factors[i] !== 0) reflectOne(vector, reflections.subarray(i * n, i * n + i), factors[i]!);
    }
  }
}

function reflectFour(vectors: Float64Array, at: number, n: number, u: Float64Array, factor: number): void {
  const [z0, z1, z2, z3] = [at, at + n, at + 2 * n, at + 3 * n];
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let c = 0; c < u.length; c++) {
    const uc = u[c]!;
    s0 += uc * vectors[z0 + c]!;
    s1 += uc * vectors[z1 + c]!;
    s2 += uc * vectors[z2 + c]!;
    s3 += uc * vectors[z3 + c]!;
  }
  s0 *= factor;
  s1 *= factor;
  s2 *= factor;
  s3 *= factor;
  for (let c = 0; c < u.length; c++) {
    const uc = u[c]!;
    vectors[z0 + c]! -= s0 * uc;
    vectors[z1 + c]! -= s1 * uc;
    vectors[z2 + c]! -= s2 * uc;
    vectors[z3 + c]! -= s3 * uc;
  }
}

function reflectOne(vector: Float64Array, u: Float64Array, factor: number): void {
  let sum = 0;
  for (let c = 0; c < u.length; c++) sum += u[c]! * vector[c]!;
  for (let c = 0; c < u.length; c++) vector[c]! -= factor * sum * u[c]!;
}
