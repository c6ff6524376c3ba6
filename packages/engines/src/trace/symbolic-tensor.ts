import type { DataType } from '@tensorflow/tfjs-core';
import { KindredError } from '@kindred/core';

import { elementsOf } from '../onnx/constant.js';
import type { Value } from '../onnx/graph.js';
import { identity, type Permutation } from '../onnx/permute.js';
import type { TypedArray } from '../onnx/types.js';

/** Types of tfjs tensors that programs may use. */
export type SymbolicType = 'float32' | 'int32' | 'bool';

/**
 * A tfjs tensor without data. It may be at hand with its axes in several orders: tfjs keeps images as NHWC while ONNX
 * computes on NCHW, so a convolution's result starts as NCHW, and only what asks for NHWC pays for the transposition.
 */
export class SymbolicTensor {
  readonly #forms = new Map<string, { readonly perm: Permutation; readonly value: Value }>();

  constructor(
    readonly shape: readonly number[],
    readonly dtype: SymbolicType,
    value: Value,
    perm: Permutation = identity(shape.length),
  ) {
    this.add(value, perm);
  }

  get rank(): number {
    return this.shape.length;
  }

  get size(): number {
    return this.shape.reduce((size, dimension) => size * dimension, 1);
  }

  /** The graph's value whose axis `i` is the tensor's axis `perm[i]`, if there is one. */
  form(perm: Permutation): Value | undefined {
    return this.#forms.get(perm.join())?.value;
  }

  add(value: Value, perm: Permutation): void {
    this.#forms.set(perm.join(), { perm, value });
  }

  /** All forms, the first one made first. */
  forms(): readonly { readonly perm: Permutation; readonly value: Value }[] {
    return [...this.#forms.values()];
  }

  get isConstant(): boolean {
    return this.forms().some(({ value }) => value.source.kind === 'constant');
  }

  /** The elements of a constant, undefined if it is none. They may be its owner's: not to be written to. */
  elements(): TypedArray | undefined {
    for (const { value } of this.#forms.values()) {
      if (value.source.kind === 'constant') return elementsOf(value.source.constant, value.type, this.size);
    }
    return undefined;
  }

  /** The number that all elements equal, where the graph knows that. */
  get fill(): number | undefined {
    for (const { value } of this.#forms.values()) {
      if (value.source.kind !== 'constant') continue;
      const { constant } = value.source;
      if (constant.kind === 'fill') return constant.value;
      if (constant.data.length === 1) return Number(constant.data[0]);
    }
    return undefined;
  }
}

/** @throws KINDRED_ENGINE_COMPILE for strings and complex numbers. */
export function symbolicType(dtype: DataType): SymbolicType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new KindredError('KINDRED_ENGINE_COMPILE', {
    message: `Tensors of a compiled program must be float32, int32 or bool. Got ${dtype}.`,
    received: dtype,
  });
}
