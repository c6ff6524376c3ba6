import type { Tensor } from '@tensorflow/tfjs-core';
import { float32, sizeOf, type NdArray } from '@kindred/core';

/** A function over tensors and the arrays that it is tried on. */
export interface NumericCase {
  /** Unlike all other cases' names: lists of known failures refer to it. */
  readonly name: string;
  readonly f: (...x: Tensor[]) => Tensor | Tensor[];
  /** What tfjs' CPU backend evaluates in place of `f`, where its kernel for `f` has a bug. Default: `f`. */
  readonly reference?: NumericCase['f'];
  readonly x: readonly NdArray[];
  /** Compare the gradients with respect to all of `x` too. Default: if all of `x` is float32. */
  readonly gradients?: boolean;
  /** Greatest difference, relative to the greatest value. Default: `TOLERANCE`. */
  readonly tolerance?: number;
}

/** Sums are added up in another order than tfjs does: a few units in the last place of float32 (6e-8 each). */
export const TOLERANCE = 2e-6;

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

/** The same, rounded down to whole numbers: values repeat. */
export function wholes(shape: readonly number[], seed = 1, low = -3, high = 4): NdArray<'int32'> {
  return { dtype: 'int32', shape, data: Int32Array.from(numbers(shape, seed, low, high).data, Math.floor) };
}

/** Whole numbers as float32: values repeat, and gradients can be taken. */
export function ties(shape: readonly number[], seed = 1, low = -2, high = 2): NdArray<'float32'> {
  return float32(shape, numbers(shape, seed, low, high).data.map(Math.floor));
}

export function flags(shape: readonly number[], seed = 1): NdArray<'bool'> {
  return { dtype: 'bool', shape, data: Uint8Array.from(numbers(shape, seed).data, (value) => Number(value > 0)) };
}

/** A vector of the given numbers. */
export const vector = (...values: number[]): NdArray<'float32'> => float32([values.length], values);
