import * as tf from '@tensorflow/tfjs-core';

import type { Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor, symbolicType, type SymbolicType } from '../trace/symbolic-tensor.js';

/** The tensor in another type: towards int32 it truncates, towards bool it tells whether a number is not 0. */
export function castTensor(emit: Emitter, x: SymbolicTensor, dtype: SymbolicType): SymbolicTensor {
  if (x.dtype === dtype) return x;
  if (x.fill !== undefined) return emit.fill(x.shape, dtype, converted(x.fill, dtype));
  const [{ perm, value }] = x.forms() as [{ perm: readonly number[]; value: Value }];
  return new SymbolicTensor(x.shape, dtype, emit.cast(beforeWidening(value), dtype), perm);
}

function converted(value: number, dtype: SymbolicType): number {
  if (dtype === 'bool') return value === 0 ? 0 : 1;
  return dtype === 'int32' ? Math.trunc(value) : value;
}

/** Images are widened from uint8 to int32 on entry; casting them on, straight from uint8, saves a pass over them. */
function beforeWidening(value: Value): Value {
  if (value.source.kind !== 'node' || value.source.node.op !== 'Cast') return value;
  const [source] = value.source.node.inputs;
  return source?.type === 'uint8' ? source : value;
}

export const castLowerings: readonly Lowering[] = [
  defineLowering<tf.CastAttrs>()(tf.Cast, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) =>
    castTensor(emit, x, symbolicType(attrs.dtype)),
  ),
];
