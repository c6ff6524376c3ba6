import * as tf from '@tensorflow/tfjs-core';

import { inverse, permute } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { defineListLowering, defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { cheapestOrder, expand } from './align.js';

/** The same elements under another shape. */
export function reshaped(emit: Emitter, x: SymbolicTensor, shape: readonly number[]): SymbolicTensor {
  if (shape.length === x.rank && shape.every((size, axis) => size === x.shape[axis])) return x;
  return new SymbolicTensor(shape, x.dtype, emit.reshape(emit.plain(x), shape));
}

/** `shape` with an axis of length 1 put in before `axis`. */
function withAxis(shape: readonly number[], axis: number): number[] {
  const at = axis < 0 ? shape.length + axis + 1 : axis;
  return [...shape.slice(0, at), 1, ...shape.slice(at)];
}

function concat(emit: Emitter, inputs: readonly SymbolicTensor[], axis: number): SymbolicTensor {
  const [first] = inputs as [SymbolicTensor];
  const size = inputs.reduce((sum, input) => sum + (input.shape[axis] as number), 0);
  const shape = first.shape.map((length, i) => (i === axis ? size : length));
  const used = inputs.filter((input) => input.size > 0);
  if (used.length === 1) return used[0] as SymbolicTensor;
  const perm = cheapestOrder(inputs, first.rank);
  const values = (used.length ? used : inputs).map((input) => emit.as(input, perm));
  const attributes = { axis: { int: inverse(perm)[axis] as number } };
  const value = emit.node('Concat', values, { type: first.dtype, shape: permute(shape, perm) }, { attributes });
  return new SymbolicTensor(shape, first.dtype, value, perm);
}

const like = (value: number) => (call: { emit: Emitter; inputs: { x: SymbolicTensor } }) =>
  call.emit.fill(call.inputs.x.shape, call.inputs.x.dtype, value);

/** Repeats the whole array `reps[axis]` times along each axis. */
function tile(emit: Emitter, x: SymbolicTensor, reps: readonly number[]): SymbolicTensor {
  const shape = x.shape.map((size, axis) => size * (reps[axis] as number));
  if (x.fill !== undefined) return emit.fill(shape, x.dtype, x.fill);
  const value = emit.plain(x);
  const broadcasts = x.shape.every((size, axis) => size === 1 || reps[axis] === 1);
  if (broadcasts) return new SymbolicTensor(shape, x.dtype, expand(emit, value, shape));
  return new SymbolicTensor(shape, x.dtype, emit.node('Tile', [value, emit.ints(reps)], { type: x.dtype, shape }));
}

export const shapeLowerings: readonly Lowering[] = [
  defineLowering()(tf.Identity, { required: ['x'] }, ({ inputs }) => inputs.x),

  defineLowering<tf.ReshapeAttrs>()(tf.Reshape, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) =>
    reshaped(emit, x, tf.util.inferFromImplicitShape(attrs.shape, x.size)),
  ),
  defineLowering<tf.ExpandDimsAttrs>()(tf.ExpandDims, { required: ['input'] }, ({ emit, inputs: { input }, attrs }) =>
    reshaped(emit, input, withAxis(input.shape, attrs.dim)),
  ),

  // The transposed tensor is the same data with another name for each axis, so nothing moves before it is asked for.
  defineLowering<tf.TransposeAttrs>()(tf.Transpose, { required: ['x'] }, ({ inputs: { x }, attrs: { perm } }) => {
    const back = inverse(perm);
    const [first, ...rest] = x.forms().map((form) => ({ value: form.value, perm: permute(back, form.perm) }));
    if (!first) throw new Error('a symbolic tensor has at least one form');
    const transposed = new SymbolicTensor(permute(x.shape, perm), x.dtype, first.value, first.perm);
    for (const form of rest) transposed.add(form.value, form.perm);
    return transposed;
  }),

  defineListLowering<tf.ConcatAttrs>(tf.Concat, ({ emit, inputs, attrs }) =>
    concat(emit, inputs, tf.util.parseAxisParam(attrs.axis, [...(inputs[0] as SymbolicTensor).shape])[0] as number),
  ),
  defineListLowering<tf.PackAttrs>(tf.Pack, ({ emit, inputs, attrs }) => {
    const axis = attrs.axis < 0 ? attrs.axis + (inputs[0] as SymbolicTensor).rank + 1 : attrs.axis;
    return concat(
      emit,
      inputs.map((input) => reshaped(emit, input, withAxis(input.shape, axis))),
      axis,
    );
  }),

  defineLowering<tf.TileAttrs>()(tf.Tile, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) =>
    tile(emit, x, attrs.reps),
  ),
  defineLowering<tf.BroadCastToAttrs>()(tf.BroadcastTo, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const ones = new Array<number>(attrs.shape.length - x.rank).fill(1);
    const value = emit.reshape(emit.plain(x), [...ones, ...x.shape]);
    return new SymbolicTensor(attrs.shape, x.dtype, expand(emit, value, attrs.shape));
  }),

  defineLowering()(tf.ZerosLike, { required: ['x'] }, like(0)),
  defineLowering()(tf.OnesLike, { required: ['x'] }, like(1)),
];
