import * as tf from '@tensorflow/tfjs-core';
import {
  float32,
  prepareTfGradients,
  sizeOf,
  toNdArray,
  toTensor,
  type Engine,
  type NdArray,
  type NdArrays,
} from '@kindred/core';
import { expect } from 'vitest';

/** A function over tensors and the arrays it is tried on. */
export interface Case {
  readonly name: string;
  readonly f: (...x: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  readonly x: readonly NdArray[];
  /** Compare gradients with respect to all of `x` too. Default: if all of `x` is float32. */
  readonly gradients?: boolean;
  /** Greatest difference, relative to the greatest value. */
  readonly tolerance?: number;
}

/** Sums are added up in another order than tfjs does: a few units in the last place of float32 (6e-8 each). */
const TOLERANCE = 2e-6;

/** Well mixed numbers in [low, high) that depend on `seed` alone. */
export function numbers(shape: readonly number[], seed = 1, low = -2, high = 2): NdArray<'float32'> {
  const at = (i: number) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return low + (x - Math.floor(x)) * (high - low);
  };
  return float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => at(i)),
  );
}

/** The same, rounded to whole numbers: values repeat. */
export function wholes(shape: readonly number[], seed = 1, low = -3, high = 4): NdArray<'int32'> {
  return { dtype: 'int32', shape, data: Int32Array.from(numbers(shape, seed, low, high).data, Math.floor) };
}

export function flags(shape: readonly number[], seed = 1): NdArray<'bool'> {
  return { dtype: 'bool', shape, data: Uint8Array.from(numbers(shape, seed).data, (value) => Number(value > 0)) };
}

/** Values, and gradients of a weighted sum of them, as a dictionary of tensors. */
function evaluate({ f, x, gradients = x.every(({ dtype }) => dtype === 'float32') }: Case, tensors: tf.Tensor[]) {
  const list = (y: tf.Tensor | tf.Tensor[]) => (Array.isArray(y) ? y : [y]);
  const outputs: Record<string, tf.Tensor> = {};
  list(f(...tensors)).forEach((y, i) => (outputs[`y${i}`] = y));
  if (!gradients) return outputs;
  const loss = (...inputs: tf.Tensor[]) =>
    list(f(...inputs))
      .map((y, i) => tf.sum(tf.mul(y, toTensor(numbers(y.shape, 100 + i)))))
      .reduce((a, b) => tf.add(a, b));
  tf.grads(loss)(tensors).forEach((gradient, i) => (outputs[`gradient${i}`] = gradient));
  return outputs;
}

/** Runs `test` on tfjs' plain JavaScript backend. */
async function eager(test: Case): Promise<NdArrays> {
  await prepareTfGradients();
  const results: Record<string, NdArray> = {};
  tf.tidy(() => {
    for (const [name, tensor] of Object.entries(evaluate(test, test.x.map(toTensor))))
      results[name] = toNdArray(tensor);
  });
  return results;
}

/** Runs `test` on `engine`. */
export async function compiled(engine: Engine, test: Case): Promise<NdArrays> {
  const inputs = Object.fromEntries(test.x.map((array, i) => [`x${i}`, array]));
  const executable = await engine.compile({
    name: test.name,
    run: (given) =>
      evaluate(
        test,
        test.x.map((_, i) => given.inputs[`x${i}`] as tf.Tensor),
      ),
  });
  try {
    return await executable.run(inputs);
  } finally {
    await executable.dispose();
  }
}

/** Expects the engine's values and gradients to be those of tfjs' CPU backend. */
export async function expectEqualToEager(engine: Engine, test: Case): Promise<void> {
  const [actual, expected] = [await compiled(engine, test), await eager(test)];
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, array] of Object.entries(expected)) {
    expectClose(actual[name] as NdArray, array, test.tolerance ?? TOLERANCE, name);
  }
}

/** Expects equal types and shapes, and values that differ by at most `tolerance` times the greatest of them. */
export function expectClose(actual: NdArray, expected: NdArray, tolerance: number, name = 'array'): void {
  expect({ name, dtype: actual.dtype, shape: [...actual.shape] }).toEqual({
    name,
    dtype: expected.dtype,
    shape: [...expected.shape],
  });
  const finite = [...expected.data].filter(Number.isFinite);
  const scale = Math.max(1e-30, ...finite.map(Math.abs));
  const limit = expected.dtype === 'float32' ? tolerance * scale : 0;
  expected.data.forEach((value, i) => {
    const got = actual.data[i] as number;
    const close = Object.is(got, value) || got === value || Math.abs(got - value) <= limit;
    if (!close) expect.fail(`${name}[${i}] must be ${value} within ${limit}, got ${got}`);
  });
}
