import { type Context, float32, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import { cholesky } from './cholesky.js';
import { invertLower } from './invert-lower.js';
import { transposed } from './rows.js';
import { type Eigen, symmetricEigenAsync } from './symmetric-eigen.js';

/** Directions beside the wanted ones, which make up for a start by chance. */
export const OVERSAMPLES = 10;
/** Multiplications by the matrix before the first look at its vectors; the later ones count twice, by their shift. */
const LEAST_ROUNDS = 4;
/** Multiplications at most: a spectrum without a gap is known well enough then. */
const MOST_ROUNDS = 16;
/** Times in a row that a basis is made orthonormal at most; each takes about three digits off its condition. */
const PASSES = 4;
/** How far `A v` may be from `value v`, as a share of the largest value. */
const TOLERANCE = 1e-3;

type Matrix = NdArray<'float32'>;
type Round = Readonly<Record<'basis' | 'next' | 'overlaps' | 'projected' | 'gram', Matrix>>;

/**
 * The `wanted` largest eigenvalues and their vectors of a positive semidefinite matrix, with `OVERSAMPLES` more that are less exact, by
 * subspace iteration from a random start (Halko, Martinsson & Tropp 2011), shifted by half the smallest value of the subspace, and
 * Rayleigh-Ritz steps until the residuals of the wanted are small. Products run in float32 on the engine; a basis is made orthonormal by
 * shifted Cholesky factors of its Gram matrix (Fukaya et al. 2020). Undefined where a basis collapses, as that of a matrix of zeros does.
 */
export async function leadingEigen(
  a: Float64Array,
  n: number,
  wanted: number,
  { engine, signal, random }: Pick<Context, 'engine' | 'signal' | 'random'>,
): Promise<Eigen | undefined> {
  const width = wanted + OVERSAMPLES;
  const executable = await engine.compile({
    name: 'subspace-iteration',
    constants: { a: float32([n, n], new Float32Array(a)) },
    run: ({ inputs, constants }) => round(constants['a'] as Tensor2D, inputs),
  });
  const run = async (basis: Matrix, factor: Matrix, shift: number) =>
    (await executable.run({ basis, factor, shift: float32([1], [shift]) }, { signal })) as Round;
  try {
    let basis = float32([n, width]);
    fill(basis.data, random);
    let factor: Matrix | undefined = identity(width);
    let [rounds, passes, shift] = [0, 0, 0];
    while (factor && passes <= PASSES) {
      const found: Round = await run(basis, factor, shift);
      if (rounds < LEAST_ROUNDS) {
        rounds++;
        shift = rounds > 1 ? smallestDiagonal(found.projected) / 2 : 0;
        basis = found.next;
        factor = orthonormalizer(found.gram);
      } else if (!isIdentity(found.overlaps)) {
        passes++;
        basis = found.basis;
        factor = orthonormalizer(found.overlaps);
      } else {
        const projected = new Float64Array(found.projected.data);
        const { values, vectors } = await symmetricEigenAsync(projected, width, () => width, signal);
        const turn = transposed(float32([width, width], new Float32Array(vectors)));
        const turned = await run(found.basis, turn, 0);
        rounds += 2;
        if (rounds >= MOST_ROUNDS || largestResidual(turned, values, wanted) <= TOLERANCE * values[0]!) {
          return { values, vectors: Float64Array.from(transposed(turned.basis).data) };
        }
        passes = 0;
        shift = values[width - 1]! / 2;
        basis = turned.next;
        factor = orthonormalizer(turned.gram);
      }
    }
    return undefined;
  } finally {
    await executable.dispose();
  }
}

function fill(data: Float32Array, random: Context['random']): void {
  for (let i = 0; i < data.length; i++) data[i] = 2 * random.next() - 1;
}

/** A change to an orthonormal basis, and its product with the matrix less a shift, from which the next basis is made. */
function round(a: Tensor2D, inputs: Readonly<Record<string, tf.Tensor>>): Record<keyof Round, tf.Tensor> {
  const basis = tf.matMul(inputs['basis'] as Tensor2D, inputs['factor'] as Tensor2D);
  const product = tf.matMul(a, basis);
  const next = tf.sub<Tensor2D>(product, tf.mul(basis, inputs['shift']!));
  return {
    basis,
    next,
    overlaps: tf.matMul(basis, basis, true, false),
    projected: tf.matMul(basis, product, true, false),
    gram: tf.matMul(next, next, true, false),
  };
}

/** The largest length of `A v - value v` of the first `wanted` columns of a basis that was not shifted. */
function largestResidual({ basis, next }: Round, values: Float64Array, wanted: number): number {
  const [, width = 0] = basis.shape;
  const squares = new Float64Array(wanted);
  for (let at = 0; at < basis.data.length; at += width) {
    for (let j = 0; j < wanted; j++) squares[j]! += (next.data[at + j]! - values[j]! * basis.data[at + j]!) ** 2;
  }
  return Math.sqrt(squares.reduce((most, square) => Math.max(most, square), 0));
}

function smallestDiagonal({ shape: [width = 0], data }: Matrix): number {
  let least = Infinity;
  for (let i = 0; i < width; i++) least = Math.min(least, data[i * (width + 1)]!);
  return Math.max(0, least);
}

/** Whether a Gram matrix is one of an orthonormal basis as far as float32 goes. */
function isIdentity({ shape: [width = 0], data }: Matrix): boolean {
  return data.every((value, at) => Math.abs(value - (at % (width + 1) === 0 ? 1 : 0)) < 1e-5);
}

/** The matrix `[width, width]` that makes a basis nearly orthonormal when multiplied from the right, by its Gram matrix. */
function orthonormalizer({ shape: [width = 0], data }: Matrix): Matrix | undefined {
  const scale = Float64Array.from({ length: width }, (_, i) => 1 / Math.sqrt(data[i * (width + 1)]!));
  if (!scale.every(Number.isFinite)) return undefined;
  const scaled = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) scaled[i * width + j] = data[i * width + j]! * scale[i]! * scale[j]!;
  }
  const lower = cholesky(scaled, width) ?? cholesky(shifted(scaled, width), width);
  if (!lower) return undefined;
  const inverse = invertLower(lower, width);
  const result = float32([width, width]);
  for (let i = 0; i < width; i++) {
    for (let j = i; j < width; j++) result.data[i * width + j] = scale[i]! * inverse[j * width + i]!;
  }
  return result;
}

/** With the rounding error of float32 added to the diagonal. */
function shifted(gram: Float64Array, width: number): Float64Array {
  const result = gram.slice();
  for (let i = 0; i < width; i++) result[i * (width + 1)]! += 2e-6 * width;
  return result;
}

function identity(width: number): Matrix {
  const result = float32([width, width]);
  for (let i = 0; i < width; i++) result.data[i * (width + 1)] = 1;
  return result;
}
