import * as tf from '@tensorflow/tfjs-core';

import { constantOf } from '../onnx/constant.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

/** `base` with each row of `updates` added to, or put in place of, the one at its index. */
function scattered(
  emit: Emitter,
  base: SymbolicTensor,
  indices: SymbolicTensor,
  updates: SymbolicTensor,
  reduction: 'add' | 'none',
): SymbolicTensor {
  const inputs = [emit.plain(base), emit.cast(emit.plain(indices), 'int64'), emit.plain(updates)];
  const output = { type: base.dtype, shape: base.shape };
  const attributes = { reduction: { string: reduction } };
  return new SymbolicTensor(base.shape, base.dtype, emit.node('ScatterND', inputs, output, { attributes }));
}

export const scatterLowerings: readonly Lowering[] = [
  defineLowering<tf.ScatterNdAttrs>()(
    tf.ScatterNd,
    { required: ['indices', 'updates'] },
    ({ emit, inputs: { indices, updates }, attrs }) =>
      scattered(emit, emit.fill(attrs.shape, updates.dtype, 0), indices, updates, 'add'),
  ),

  defineLowering()(
    tf.TensorScatterUpdate,
    { required: ['tensor', 'indices', 'updates'] },
    ({ emit, inputs: { tensor, indices, updates } }) => scattered(emit, tensor, indices, updates, 'none'),
  ),

  // A vector of indices means places along the only axis; a single value means the same one at each place.
  defineLowering<tf.SparseToDenseAttrs>()(
    tf.SparseToDense,
    { required: ['sparseIndices', 'sparseValues', 'defaultValue'] },
    ({ emit, inputs: { sparseIndices: indices, sparseValues: values, defaultValue }, attrs: { outputShape } }) => {
      const rows = indices.rank === 2 ? indices.shape : [indices.size, 1];
      const places = new SymbolicTensor(rows, 'int32', emit.reshape(emit.plain(indices), rows));
      const count = [rows[0] as number];
      const repeated = (value: SymbolicTensor, shape: readonly number[]) => {
        const scalar = emit.reshape(emit.plain(value), []);
        const expanded = emit.node('Expand', [scalar, emit.ints(shape)], { type: value.dtype, shape });
        return new SymbolicTensor(shape, value.dtype, expanded);
      };
      const updates = values.rank === 0 ? repeated(values, count) : values;
      return scattered(emit, repeated(defaultValue, outputShape), places, updates, 'none');
    },
  ),

  // gather's gradient.
  defineLowering<tf.UnsortedSegmentSumAttrs>()(
    tf.UnsortedSegmentSum,
    { required: ['x', 'segmentIds'] },
    ({ emit, inputs: { x, segmentIds }, attrs }) => {
      const rows = emit.reshape(emit.plain(segmentIds), [...segmentIds.shape, 1]);
      const indices = new SymbolicTensor(rows.shape, 'int32', rows);
      const shape = [attrs.numSegments, ...x.shape.slice(segmentIds.rank)];
      return scattered(emit, emit.fill(shape, x.dtype, 0), indices, x, 'add');
    },
  ),

  // A vector on the diagonal of a matrix; of a tensor, its elements on that of one with all axes twice.
  defineLowering()(tf.Diag, { required: ['x'] }, ({ emit, inputs: { x } }) => {
    const places = Int32Array.from({ length: x.size }, (_, i) => i * (x.size + 1));
    const indices = emit.constant(constantOf(places), 'int32', [x.size, 1]);
    const flat = new SymbolicTensor([x.size], x.dtype, emit.reshape(emit.plain(x), [x.size]));
    const zeros = emit.fill([x.size * x.size], x.dtype, 0);
    const matrix = scattered(emit, zeros, new SymbolicTensor([x.size, 1], 'int32', indices), flat, 'none');
    const shape = [...x.shape, ...x.shape];
    return new SymbolicTensor(shape, x.dtype, emit.reshape(emit.plain(matrix), shape));
  }),
];
