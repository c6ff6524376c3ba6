import { type Context, float32, type NdArray, type Program } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import { cholesky } from './cholesky.js';
import { invertLower } from './invert-lower.js';
import { multiplyTransposed } from './products.js';
import { type Eigen, symmetricEigenAsync } from './symmetric-eigen.js';

/** Directions beside the wanted ones, which make up for a start by chance. */
export const OVERSAMPLES = 10;
/** Times that a basis is made orthonormal at most; each takes about three digits off its condition. */
const PASSES = 4;

type Matrix = NdArray<'float32'>;

/**
 * The `wanted` largest eigenvalues and their vectors of a positive semidefinite matrix, by subspace iteration from a random start and a
 * Rayleigh-Ritz step (Halko, Martinsson & Tropp 2011). Products run in float32 on the engine; a basis is made orthonormal by shifted
 * Cholesky factors of its Gram matrix (Fukaya et al. 2020). Undefined where a basis collapses, as that of a matrix of zeros does.
 */
export async function leadingEigen(
  a: Float64Array,
  n: number,
  wanted: number,
  ctx: Pick<Context, 'engine' | 'signal' | 'random'>,
): Promise<Eigen | undefined> {
  const width = wanted + OVERSAMPLES;
  // As many as scikit-learn's randomized solver makes.
  const iterations = wanted < 0.1 * n ? 7 : 4;
  const programs = await compilePrograms(a, n, ctx);
  try {
    let basis = float32([n, width]);
    for (let i = 0; i < basis.data.length; i++) basis.data[i] = 2 * ctx.random.next() - 1;
    let factor: Matrix | undefined = identity(width);
    for (let iteration = 0; iteration <= iterations && factor; iteration++) {
      const { y, gram } = await programs.power({ basis, factor });
      basis = y;
      factor = orthonormalizer(gram.data, width);
    }
    const orthonormal = factor && (await orthonormalize(programs.change, basis, factor));
    if (!orthonormal) return undefined;
    const { projected } = await programs.project({ basis: orthonormal });
    const { values, vectors } = await symmetricEigenAsync(
      Float64Array.from(projected.data),
      width,
      () => wanted,
      ctx.signal,
    );
    const turned = await multiplyTransposed(float32([wanted, width], Float32Array.from(vectors)), orthonormal, ctx);
    return { values: values.slice(0, wanted), vectors: Float64Array.from(turned.data) };
  } finally {
    await programs.dispose();
  }
}

async function compilePrograms(a: Float64Array, n: number, { engine, signal }: Pick<Context, 'engine' | 'signal'>) {
  const constants = { a: float32([n, n], Float32Array.from(a)) };
  const programs: readonly Program[] = [
    {
      name: 'power-iteration',
      constants,
      run: ({ inputs, constants }) => {
        const y = tf.matMul(constants['a'] as Tensor2D, changed(inputs));
        return { y, gram: tf.matMul(y, y, true, false) };
      },
    },
    {
      name: 'change-of-basis',
      run: ({ inputs }) => {
        const y = changed(inputs);
        return { y, gram: tf.matMul(y, y, true, false) };
      },
    },
    {
      name: 'rayleigh-ritz',
      constants,
      run: ({ inputs, constants }) => {
        const basis = inputs['basis'] as Tensor2D;
        return { projected: tf.matMul(basis, tf.matMul(constants['a'] as Tensor2D, basis), true, false) };
      },
    },
  ];
  const executables = await Promise.all(programs.map((program) => engine.compile(program)));
  const runner =
    <Names extends string>(index: number) =>
    async (inputs: Record<string, Matrix>) =>
      (await executables[index]!.run(inputs, { signal })) as Record<Names, Matrix>;
  return {
    power: runner<'y' | 'gram'>(0),
    change: runner<'y' | 'gram'>(1),
    project: runner<'projected'>(2),
    dispose: () => Promise.all(executables.map((executable) => executable.dispose())),
  };
}

function changed(inputs: Readonly<Record<string, tf.Tensor>>): Tensor2D {
  return tf.matMul(inputs['basis'] as Tensor2D, inputs['factor'] as Tensor2D);
}

async function orthonormalize(
  change: (inputs: Record<string, Matrix>) => Promise<Record<'y' | 'gram', Matrix>>,
  basis: Matrix,
  factor: Matrix,
): Promise<Matrix | undefined> {
  for (let pass = 0; pass < PASSES; pass++) {
    const { y, gram } = await change({ basis, factor });
    const [, width = 0] = y.shape;
    if (isIdentity(gram.data, width)) return y;
    basis = y;
    const next = orthonormalizer(gram.data, width);
    if (!next) return undefined;
    factor = next;
  }
  return undefined;
}

/** Whether a Gram matrix is one of an orthonormal basis as far as float32 goes. */
function isIdentity(gram: Float32Array, width: number): boolean {
  return gram.every((value, at) => Math.abs(value - (at % (width + 1) === 0 ? 1 : 0)) < 1e-5);
}

/** The matrix `[width, width]` that makes a basis nearly orthonormal when multiplied from the right, by its Gram matrix. */
function orthonormalizer(gram: Float32Array, width: number): Matrix | undefined {
  const scale = Float64Array.from({ length: width }, (_, i) => 1 / Math.sqrt(gram[i * (width + 1)]!));
  if (!scale.every(Number.isFinite)) return undefined;
  const scaled = Float64Array.from(gram, (value, at) => value * scale[at % width]! * scale[Math.floor(at / width)]!);
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
  return gram.map((value, at) => (at % (width + 1) === 0 ? value + 2e-6 * width : value));
}

function identity(width: number): Matrix {
  const result = float32([width, width]);
  for (let i = 0; i < width; i++) result.data[i * (width + 1)] = 1;
  return result;
}
