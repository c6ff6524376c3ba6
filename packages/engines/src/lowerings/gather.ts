import * as tf from '@tensorflow/tfjs-core';

import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
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
];
