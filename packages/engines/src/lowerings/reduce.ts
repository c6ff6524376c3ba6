import * as tf from '@tensorflow/tfjs-core';

import type { Value } from '../onnx/graph.js';
import { permute } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { cheapestOrder } from './align.js';
import { castTensor } from './cast.js';

/** Reduces `x` over `axes` by an ONNX operator that takes its axes as an input. */
function reduce(
  emit: Emitter,
  op: string,
  x: SymbolicTensor,
  axis: number | readonly number[],
  keepDims: boolean,
): SymbolicTensor {
  const axes = tf.util.parseAxisParam(axis as number[], [...x.shape]);
  if (axes.length === 0) return x;
  const reduced = (i: number) => axes.includes(i);
  const perm = cheapestOrder([x], x.rank);
  const kept = x.shape.map((size, i) => (reduced(i) ? 1 : size));
  const value = reduceValue(
    emit,
    op,
    emit.as(x, perm),
    perm.flatMap((i, at) => (reduced(i) ? [at] : [])),
  );
  const whole = new SymbolicTensor(kept, x.dtype, value, perm);
  if (keepDims) return whole;

  // Without the reduced axes, those that stay may be out of order: the result is one more form of its tensor.
  const left = perm.filter((i) => !reduced(i));
  const sorted = [...left].sort((a, b) => a - b);
  const order = left.map((i) => sorted.indexOf(i));
  const shape = permute(x.shape, sorted);
  return new SymbolicTensor(shape, x.dtype, emit.reshape(value, permute(shape, order)), order);
}

function reduceValue(emit: Emitter, op: string, x: Value, axes: readonly number[]): Value {
  const shape = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const output = { type: x.type, shape };
  // onnxruntime computes this one inside of its blocked layout for convolutions.
  if (op === 'ReduceMean' && x.shape.length === 4 && axes.join() === '2,3')
    return emit.node('GlobalAveragePool', [x], output);
  const keep = { attributes: { keepdims: { int: 1 } } };
  // A sum of everything is computed by one thread; by rows it is divided among all.
  if (op === 'ReduceSum' && axes.length === x.shape.length && axes.length > 1) {
    const last = axes.length - 1;
    const rows = emit.node(op, [x, emit.ints([last])], { type: x.type, shape: [...x.shape.slice(0, last), 1] }, keep);
    return emit.node(op, [rows, emit.ints(axes)], output, keep);
  }
  return emit.node(op, [x, emit.ints(axes)], output, keep);
}

interface Attrs {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

const reduction = (kernel: string, op: string): Lowering =>
  defineLowering<Attrs>()(kernel, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) =>
    // A sum over bools counts them.
    reduce(emit, op, x.dtype === 'bool' ? castTensor(emit, x, 'int32') : x, attrs.axis, attrs.keepDims),
  );

const logical = (kernel: string, op: string): Lowering =>
  defineLowering<Attrs>()(kernel, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) =>
    castTensor(emit, reduce(emit, op, castTensor(emit, x, 'int32'), attrs.axis, attrs.keepDims), 'bool'),
  );

const arg = (kernel: string, op: string): Lowering =>
  defineLowering<{ axis: number }>()(kernel, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const [axis] = tf.util.parseAxisParam(attrs.axis, [...x.shape]) as [number];
    const shape = x.shape.filter((_, i) => i !== axis);
    const attributes = { axis: { int: axis }, keepdims: { int: 0 } };
    const index = emit.node(op, [emit.plain(x)], { type: 'int64', shape }, { attributes });
    return new SymbolicTensor(shape, 'int32', emit.cast(index, 'int32'));
  });

export const reduceLowerings: readonly Lowering[] = [
  reduction(tf.Sum, 'ReduceSum'),
  reduction(tf.Prod, 'ReduceProd'),
  reduction(tf.Min, 'ReduceMin'),
  defineLowering<Omit<Attrs, 'axis'> & { reductionIndices: number | number[] }>()(
    tf.Max,
    { required: ['x'] },
    ({ emit, inputs: { x }, attrs }) => reduce(emit, 'ReduceMax', x, attrs.reductionIndices, attrs.keepDims),
  ),
  defineLowering<Attrs>()(tf.Mean, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) =>
    reduce(emit, 'ReduceMean', castTensor(emit, x, 'float32'), attrs.axis, attrs.keepDims),
  ),
  logical(tf.All, 'ReduceMin'),
  logical(tf.Any, 'ReduceMax'),
  arg(tf.ArgMax, 'ArgMax'),
  arg(tf.ArgMin, 'ArgMin'),
];
