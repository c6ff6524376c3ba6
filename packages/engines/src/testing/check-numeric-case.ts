import * as tf from '@tensorflow/tfjs-core';
import { prepareTfGradients, toNdArray, toTensor, type Engine, type NdArray, type NdArrays } from '@kindred/core';

import { numbers, TOLERANCE, type NumericCase } from './numeric-case.js';

const list = (y: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(y) ? y : [y]);

/** Values, and gradients of a weighted sum of them, as a dictionary of tensors. */
function evaluate({ f, x, gradients = isDifferentiable(x) }: NumericCase, tensors: tf.Tensor[]) {
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

const isDifferentiable = (x: readonly NdArray[]) => x.length > 0 && x.every(({ dtype }) => dtype === 'float32');

/** What tfjs' plain JavaScript backend computes: the reference. */
export async function referenceResults(test: NumericCase): Promise<NdArrays> {
  await prepareTfGradients();
  const before = tf.getBackend();
  await tf.setBackend('cpu');
  const results: Record<string, NdArray> = {};
  tf.tidy(() => {
    for (const [name, tensor] of Object.entries(
      evaluate({ ...test, f: test.reference ?? test.f }, test.x.map(toTensor)),
    ))
      results[name] = toNdArray(tensor);
  });
  await tf.setBackend(before);
  return results;
}

/** What `engine` computes: outputs `y0`, `y1` ... and gradients `gradient0`, `gradient1` ... */
export async function engineResults(engine: Engine, test: NumericCase): Promise<NdArrays> {
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

/**
 * Compares the engine's values and gradients with those of tfjs' CPU backend.
 * @throws Error that says which element differs, and by how much; KINDRED_ENGINE_* where the engine fails
 */
export async function checkNumericCase(engine: Engine, test: NumericCase): Promise<void> {
  const [actual, expected] = [await engineResults(engine, test), await referenceResults(test)];
  const names = (arrays: NdArrays) => Object.keys(arrays).sort().join();
  if (names(actual) !== names(expected))
    throw new Error(`${test.name} must give ${names(expected)}, got ${names(actual)}`);
  for (const [name, array] of Object.entries(expected)) {
    const problem = difference(actual[name] as NdArray, array, test.tolerance ?? TOLERANCE);
    if (problem) throw new Error(`${test.name}: ${name}${problem}`);
  }
}

/** Says how `actual` differs from `expected` by more than `tolerance` times the greatest finite value; empty if it does not. */
export function difference(actual: NdArray, expected: NdArray, tolerance: number): string {
  const kind = ({ dtype, shape }: NdArray) => `${dtype}[${shape.join(', ')}]`;
  if (kind(actual) !== kind(expected)) return ` must be ${kind(expected)}, got ${kind(actual)}`;
  let scale = 1e-30;
  for (const value of expected.data) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  const limit = expected.dtype === 'float32' ? tolerance * scale : 0;
  const at = expected.data.findIndex((value, i) => {
    const got = actual.data[i] as number;
    return !(Object.is(got, value) || got === value || Math.abs(got - value) <= limit);
  });
  return at < 0 ? '' : `[${at}] must be ${expected.data[at]} within ${limit}, got ${actual.data[at]}`;
}
