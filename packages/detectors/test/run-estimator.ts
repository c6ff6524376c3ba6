import {
  type Calibrator,
  type Detector,
  float32,
  type NdArray,
  prepareTf,
  toNdArray,
  toTensor,
  type Transform,
} from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';

/** A matrix of rows as float32 `[N, D]`. */
export function matrix(rows: readonly (readonly number[])[], columns = rows[0]?.length ?? 0): NdArray<'float32'> {
  return float32([rows.length, columns], rows.flat());
}

/** Fits on one matrix and applies the state to another, on tfjs' CPU backend. `y` are the targets that a calibrator is fitted with. */
export async function fitAndApply(
  component: Transform | Detector | Calibrator,
  options: object,
  x: NdArray<'float32'>,
  other: NdArray<'float32'> = x,
  y?: NdArray<'uint8'>,
): Promise<NdArray> {
  const filled = component.options.parse(options);
  const { tensors: arrays, json } = await component.fit(filled, { x, ...(y && { y }) }, createTestContext());
  await prepareTf();
  const results: NdArray[] = [];
  tf.tidy(() => {
    const tensors = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, toTensor(array)]));
    results.push(toNdArray(component.apply({ options: filled, tensors, json }, toTensor(other))));
  });
  return results[0]!;
}

/** The largest difference, relative where values are above 1. */
export function largestError(actual: ArrayLike<number>, expected: readonly number[]): number {
  if (actual.length !== expected.length) return Infinity;
  return expected.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(actual[i]! - value) / Math.max(1, Math.abs(value))),
    0,
  );
}
