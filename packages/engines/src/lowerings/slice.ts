import * as tf from '@tensorflow/tfjs-core';

import { permute, type Permutation } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { cheapestOrder } from './align.js';
import { reshaped } from './shape.js';

/** Elements `begin[i], begin[i] + steps[i], ...` before `end[i]` of each axis. `shape` is the result's. */
function slice(
  emit: Emitter,
  x: SymbolicTensor,
  { begin, end, steps, shape }: Readonly<Record<'begin' | 'end' | 'steps' | 'shape', readonly number[]>>,
): SymbolicTensor {
  if (steps.every((step) => step === 1) && shape.every((size, i) => size === x.shape[i])) return x;
  if (x.fill !== undefined) return emit.fill(shape, x.dtype, x.fill);
  const perm: Permutation = cheapestOrder([x], x.rank);
  const sizes = permute(shape, perm);
  const ints = (items: readonly number[]) => emit.ints(permute(items, perm));
  const axes = emit.ints(perm.map((_, i) => i));
  const inputs = [emit.as(x, perm), ints(begin), ints(end), axes, ints(steps)];
  return new SymbolicTensor(shape, x.dtype, emit.node('Slice', inputs, { type: x.dtype, shape: sizes }), perm);
}

/** The block of `size` elements that starts at `begin`. */
export function block(
  emit: Emitter,
  x: SymbolicTensor,
  begin: readonly number[],
  size: readonly number[],
): SymbolicTensor {
  const end = begin.map((start, i) => start + (size[i] as number));
  return slice(emit, x, { begin, end, steps: begin.map(() => 1), shape: size });
}

/** Cuts `x` along `axis` into parts of these sizes. */
function split(emit: Emitter, x: SymbolicTensor, sizes: readonly number[], axis: number): SymbolicTensor[] {
  let start = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === axis ? start : 0));
    start += size;
    return block(
      emit,
      x,
      begin,
      x.shape.map((length, i) => (i === axis ? size : length)),
    );
  });
}

/** One below the first element, for steps that go backwards. ONNX counts negative ends from the back. */
const BEFORE_START = -0x7fffffff;

export function reverse(emit: Emitter, x: SymbolicTensor, dims: readonly number[]): SymbolicTensor {
  const turned = (i: number) => dims.includes(i);
  if (dims.length === 0) return x;
  return slice(emit, x, {
    begin: x.shape.map((size, i) => (turned(i) ? size - 1 : 0)),
    end: x.shape.map((size, i) => (turned(i) ? BEFORE_START : size)),
    steps: x.shape.map((_, i) => (turned(i) ? -1 : 1)),
    shape: x.shape,
  });
}

export const sliceLowerings: readonly Lowering[] = [
  defineLowering<tf.SliceAttrs>()(tf.Slice, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const info = { shape: [...x.shape], dtype: x.dtype, dataId: {} };
    const [begin, size] = tf.slice_util.parseSliceParams(info, attrs.begin, attrs.size) as [number[], number[]];
    return block(emit, x, begin, size);
  }),

  defineLowering<tf.StridedSliceAttrs>()(tf.StridedSlice, { required: ['x'] }, ({ emit, inputs: { x }, attrs: a }) => {
    const { begin, end, strides, finalShape } = tf.slice_util.sliceInfo(
      [...x.shape],
      a.begin,
      a.end,
      a.strides,
      a.beginMask,
      a.endMask,
      a.ellipsisMask,
      a.newAxisMask,
      a.shrinkAxisMask,
    );
    const shape = tf.slice_util.computeOutShape(begin, end, strides);
    const ends = end.map((stop, i) => ((strides[i] as number) < 0 && stop < 0 ? BEFORE_START : stop));
    const part = slice(emit, x, { begin, end: ends, steps: strides, shape });
    return reshaped(emit, part, finalShape);
  }),

  defineLowering<tf.ReverseAttrs>()(tf.Reverse, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const dims = x.rank === 0 ? [] : tf.util.parseAxisParam(attrs.dims, [...x.shape]);
    return reverse(emit, x, dims);
  }),
  defineLowering()(tf.FlipLeftRight, { required: ['image'] }, ({ emit, inputs }) => reverse(emit, inputs.image, [2])),

  defineLowering<tf.SplitVAttrs>()(tf.SplitV, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const [axis] = tf.util.parseAxisParam(attrs.axis, [...x.shape]) as [number];
    const info = { shape: [...x.shape] } as tf.Tensor;
    return split(emit, x, tf.backend_util.prepareSplitSize(info, attrs.numOrSizeSplits, axis), axis);
  }),

  defineLowering<tf.UnpackAttrs>()(tf.Unpack, { required: ['value'] }, ({ emit, inputs: { value }, attrs }) => {
    const [axis] = tf.util.parseAxisParam(attrs.axis, [...value.shape]) as [number];
    const ones = new Array<number>(value.shape[axis] as number).fill(1);
    const shape = value.shape.filter((_, i) => i !== axis);
    return split(emit, value, ones, axis).map((part) => reshaped(emit, part, shape));
  }),
];
