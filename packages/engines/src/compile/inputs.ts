import * as tf from '@tensorflow/tfjs-core';
import { KindredError, sizeOf, type DType, type NdArray, type NdArrays } from '@kindred/core';

import { describeInputs } from '../trace/input-specs.js';

/** The shape and type of one argument. */
export interface TensorSpec {
  readonly shape: readonly number[];
  /** Default `float32`. The function gets `uint8` as int32, which is how tfjs keeps images. */
  readonly dtype?: DType;
}

/** An argument: a tensor, or values in row-major order. */
export type TensorArgument = tf.Tensor | Float32Array | Int32Array | Uint8Array | readonly number[] | number;

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array } as const;

/** Inputs of a program have names; arguments of a function have places. */
export const inputName = (place: number): string => `${place}`;

/** @throws KINDRED_ENGINE_INPUT if a spec is no shape and type */
export function checkSpecs(name: string, specs: readonly TensorSpec[]): readonly Required<TensorSpec>[] {
  return specs.map(({ shape, dtype = 'float32' }, place) => {
    const valid = shape.every((size) => Number.isInteger(size) && size >= 0) && dtype in ARRAYS;
    if (valid) return { shape: [...shape], dtype };
    throw new KindredError('KINDRED_ENGINE_INPUT', {
      message: `The spec of argument ${place} of ${name} must have whole numbers as its shape and float32, int32, uint8 or bool as its dtype. Got ${dtype} of [${shape.join(', ')}].`,
      received: shape,
      hint: 'Batch sizes are fixed when a function is compiled: give a number, and compile again for another one.',
    });
  });
}

/** The arguments as a program's inputs. @throws KINDRED_ENGINE_INPUT where one does not fit its spec */
export function toInputs(
  name: string,
  specs: readonly Required<TensorSpec>[],
  args: readonly TensorArgument[],
): NdArrays {
  if (args.length !== specs.length) {
    throw new KindredError('KINDRED_ENGINE_INPUT', {
      message: `${name} must be given ${specs.length} arguments. Got ${args.length}.`,
      received: args.length,
    });
  }
  return Object.fromEntries(specs.map((spec, place) => [inputName(place), toArray(name, place, spec, args[place]!)]));
}

function toArray(name: string, place: number, spec: Required<TensorSpec>, value: TensorArgument): NdArray {
  const { dtype, shape } = spec;
  const values = valuesOf(value);
  const fits =
    values.length === sizeOf(shape) &&
    (value instanceof tf.Tensor
      ? value.shape.join() === shape.join() && value.dtype === (dtype === 'uint8' ? 'int32' : dtype)
      : Array.isArray(values) || values instanceof ARRAYS[dtype]);
  if (!fits) {
    throw new KindredError('KINDRED_ENGINE_INPUT', {
      message: `Argument ${place} of ${name} must be ${describeInputs({ value: spec }).slice(7)}. Got ${described(value)}.`,
      received: value instanceof tf.Tensor ? value.shape : values.length,
      hint: 'Compile the function again for arguments of another shape or type.',
    });
  }
  const data = values instanceof ARRAYS[dtype] ? values : ARRAYS[dtype].from(values);
  return { dtype, shape, data };
}

function valuesOf(value: TensorArgument): ArrayLike<number> & Iterable<number> {
  if (typeof value === 'number') return [value];
  return value instanceof tf.Tensor ? value.dataSync() : value;
}

function described(value: TensorArgument): string {
  if (value instanceof tf.Tensor) return `${value.dtype}[${value.shape.join(', ')}]`;
  return typeof value === 'number' ? 'a number' : `${value.constructor.name} of ${value.length}`;
}
