import * as tf from '@tensorflow/tfjs-core';

import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { block } from './slice.js';

/**
 * For each row of `x` the number of times (or the sum of the weights with which) each of 0 to `size` - 1 occurs.
 * Numbers beyond are counted in one more bin, which is cut off.
 */
function bincount(emit: Emitter, x: SymbolicTensor, weights: SymbolicTensor, size: number, binary: boolean) {
  const columns = x.shape.at(-1) as number;
  const rows = x.rank === 2 ? (x.shape[0] as number) : 1;
  const shape = [...x.shape.slice(0, -1), size + 1];
  const type = weights.dtype;
  const places = { type: 'int32', shape: [rows, columns] } as const;
  const bins = emit.node('Min', [emit.reshape(emit.plain(x), places.shape), emit.scalar(size, 'int32')], places);
  const starts = emit.dense(
    Int32Array.from({ length: rows }, (_, i) => i * (size + 1)),
    'int32',
    [rows, 1],
  );
  const indices = emit.reshape(emit.node('Add', [bins, starts], places), [rows * columns, 1]);
  const counted = binary || weights.size === 0 ? emit.fill([rows * columns], type, 1) : weights;
  const inputs = [
    emit.plain(emit.fill([rows * (size + 1)], type, 0)),
    emit.cast(indices, 'int64'),
    emit.reshape(emit.plain(counted), [rows * columns]),
  ];
  const attributes = { reduction: { string: binary ? 'none' : 'add' } };
  const value = emit.node('ScatterND', inputs, { type, shape: [rows * (size + 1)] }, { attributes });
  const whole = new SymbolicTensor(shape, type, emit.reshape(value, shape));
  return block(
    emit,
    whole,
    shape.map(() => 0),
    [...x.shape.slice(0, -1), size],
  );
}

export const bincountLowerings: readonly Lowering[] = [
  defineLowering<tf.BincountAttrs>()(tf.Bincount, { required: ['x', 'weights'] }, ({ emit, inputs, attrs }) =>
    bincount(emit, inputs.x, inputs.weights, attrs.size, false),
  ),
  defineLowering<tf.DenseBincountAttrs>()(tf.DenseBincount, { required: ['x', 'weights'] }, ({ emit, inputs, attrs }) =>
    bincount(emit, inputs.x, inputs.weights, attrs.size, attrs.binaryOutput ?? false),
  ),
];
