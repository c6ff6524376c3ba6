import * as tf from '@tensorflow/tfjs-core';

import { constantOf } from '../onnx/constant.js';
import type { TypedArray } from '../onnx/types.js';

import { Emitter } from './emitter.js';
import { SymbolicTensor, symbolicType, type SymbolicType } from './symbolic-tensor.js';

/** The recording of one program for one set of input shapes. */
export class Trace {
  readonly emit = new Emitter();
  readonly #foreign = new WeakMap<object, Map<string, SymbolicTensor>>();

  constructor(
    /** The program's name, for messages. */
    readonly program: string,
  ) {}

  /** A constant tensor. Typed arrays are referred to, not copied. */
  constant(values: tf.BackendValues, shape: readonly number[], dtype: SymbolicType): SymbolicTensor {
    return new SymbolicTensor(shape, dtype, this.emit.constant(constantOf(typed(values, dtype)), dtype, shape));
  }

  /** A tensor of another backend (the weights of a layers model) as a constant; the same one is the same value. */
  foreign(info: tf.TensorInfo): SymbolicTensor {
    const shapes = this.#foreign.get(info.dataId) ?? new Map<string, SymbolicTensor>();
    this.#foreign.set(info.dataId, shapes);
    const key = info.shape.join();
    const tensor =
      shapes.get(key) ?? this.constant(tf.engine().readSync(info.dataId), info.shape, symbolicType(info.dtype));
    shapes.set(key, tensor);
    return tensor;
  }
}

function typed(values: tf.BackendValues | readonly (number | boolean)[], dtype: SymbolicType): TypedArray {
  if (dtype === 'float32') return values instanceof Float32Array ? values : Float32Array.from(values as number[]);
  if (dtype === 'int32') return values instanceof Int32Array ? values : Int32Array.from(values as number[]);
  return values instanceof Uint8Array ? values : Uint8Array.from(values as number[]);
}
