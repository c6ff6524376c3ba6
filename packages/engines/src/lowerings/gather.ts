import * as tf from '@tensorflow/tfjs-core';

import type { Emitter } from '../trace/emitter.js';
import { defineListLowering, defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

/** Rows of `x` along `axis`; the first `batchDims` axes of `x` and `indices` go together. */
function gather(
  emit: Emitter,
  x: SymbolicTensor,
  indices: SymbolicTensor,
  axis: number,
  batchDims: number,
): SymbolicTensor {
  const shape = [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)];
  const rows = emit.plain(indices);
  if (batchDims === 0) {
    const output = { type: x.dtype, shape } as const;
    const value = emit.node('Gather', [emit.plain(x), rows], output, { attributes: { axis: { int: axis } } });
    return new SymbolicTensor(shape, x.dtype, value);
  }
  // [batch, outer, axis, inner]: the axis moves behind the batch for GatherND, and what it becomes moves back.
  const count = (sizes: readonly number[]) => sizes.reduce((product, size) => product * size, 1);
  const [batch, outer] = [count(x.shape.slice(0, batchDims)), count(x.shape.slice(batchDims, axis))];
  const [length, inner, picked] = [x.shape[axis] as number, count(x.shape.slice(axis + 1)), indices.size / batch];
  const data = emit.transpose(emit.reshape(emit.plain(x), [batch, outer, length, inner]), [0, 2, 1, 3]);
  const places = emit.reshape(emit.cast(rows, 'int64'), [batch, picked, 1]);
  const output = { type: x.dtype, shape: [batch, picked, outer, inner] } as const;
  const value = emit.node('GatherND', [data, places], output, { attributes: { batch_dims: { int: 1 } } });
  return new SymbolicTensor(shape, x.dtype, emit.reshape(emit.transpose(value, [0, 2, 1, 3]), shape));
}

/** Zeros of `shape` to which each row of `updates` is added at its index. */
function scatter(
  emit: Emitter,
  indices: SymbolicTensor,
  updates: SymbolicTensor,
  shape: readonly number[],
): SymbolicTensor {
  const zeros = emit.plain(emit.fill(shape, updates.dtype, 0));
  const inputs = [zeros, emit.cast(emit.plain(indices), 'int64'), emit.plain(updates)];
  const attributes = { reduction: { string: 'add' } };
  const value = emit.node('ScatterND', inputs, { type: updates.dtype, shape }, { attributes });
  return new SymbolicTensor(shape, updates.dtype, value);
}

export const gatherLowerings: readonly Lowering[] = [
  defineLowering<tf.GatherV2Attrs>()(tf.GatherV2, { required: ['x', 'indices'] }, ({ emit, inputs, attrs }) => {
    const [axis] = tf.util.parseAxisParam(attrs.axis, [...inputs.x.shape]) as [number];
    return gather(emit, inputs.x, inputs.indices, axis, attrs.batchDims);
  }),

  defineLowering()(tf.GatherNd, { required: ['params', 'indices'] }, ({ emit, inputs: { params, indices } }) => {
    const depth = indices.shape.at(-1) as number;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    const inputs = [emit.plain(params), emit.cast(emit.plain(indices), 'int64')];
    return new SymbolicTensor(shape, params.dtype, emit.node('GatherND', inputs, { type: params.dtype, shape }));
  }),

  defineLowering<tf.ScatterNdAttrs>()(tf.ScatterNd, { required: ['indices', 'updates'] }, ({ emit, inputs, attrs }) =>
    scatter(emit, inputs.indices, inputs.updates, attrs.shape),
  ),

  // gather's gradient.
  defineLowering<tf.UnsortedSegmentSumAttrs>()(
    tf.UnsortedSegmentSum,
    { required: ['x', 'segmentIds'] },
    ({ emit, inputs: { x, segmentIds }, attrs }) => {
      const rows = emit.reshape(emit.plain(segmentIds), [...segmentIds.shape, 1]);
      const indices = new SymbolicTensor(rows.shape, 'int32', rows);
      return scatter(emit, indices, x, [attrs.numSegments, ...x.shape.slice(segmentIds.rank)]);
    },
  ),

  defineListLowering<tf.EinsumAttrs>(tf.Einsum, ({ emit, inputs, attrs }) => {
    const sizes = new Map<string, number>();
    const [terms = '', result = ''] = attrs.equation.replaceAll(' ', '').split('->');
    terms.split(',').forEach((term, i) => [...term].forEach((axis, j) => sizes.set(axis, inputs[i]?.shape[j] ?? 1)));
    const shape = [...result].map((axis) => sizes.get(axis) as number);
    const dtype = (inputs[0] as SymbolicTensor).dtype;
    const attributes = { equation: { string: attrs.equation } };
    const values = inputs.map((input) => emit.plain(input));
    return new SymbolicTensor(shape, dtype, emit.node('Einsum', values, { type: dtype, shape }, { attributes }));
  }),
];
