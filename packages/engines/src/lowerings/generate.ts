import * as tf from '@tensorflow/tfjs-core';

import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor, symbolicType } from '../trace/symbolic-tensor.js';

/** Kernels whose result depends on attributes alone, or nearly so. */
export const generateLowerings: readonly Lowering[] = [
  defineLowering<tf.FillAttrs>()(tf.Fill, { required: [] }, ({ emit, attrs: { shape, value, dtype } }) =>
    emit.fill(shape, symbolicType(dtype ?? tf.util.inferDtype(value)), Number(value)),
  ),

  defineLowering<tf.RangeAttrs>()(tf.Range, { required: [] }, ({ emit, attrs: { start, stop, step, dtype } }) => {
    const length = Math.max(0, Math.ceil((stop - start) / step));
    const at = (_: unknown, i: number) => start + i * step;
    const data = dtype === 'int32' ? Int32Array.from({ length }, at) : Float32Array.from({ length }, at);
    return new SymbolicTensor(
      [length],
      symbolicType(dtype ?? 'float32'),
      emit.dense(data, dtype ?? 'float32', [length]),
    );
  }),

  defineLowering<tf.LinSpaceAttrs>()(tf.LinSpace, { required: [] }, ({ emit, attrs: { start, stop, num } }) => {
    const step = (stop - start) / (num - 1);
    const data = Float32Array.from({ length: num }, (_, i) => start + (i === 0 ? 0 : i * step));
    return new SymbolicTensor([num], 'float32', emit.dense(data, 'float32', [num]));
  }),

  // Classes out of range get a row of off values, as in tfjs.
  defineLowering<tf.OneHotAttrs>()(tf.OneHot, { required: ['indices'] }, ({ emit, inputs: { indices }, attrs }) => {
    const shape = [...indices.shape, attrs.depth];
    const type = symbolicType(attrs.dtype ?? 'int32');
    const classes = emit.dense(
      Int32Array.from({ length: attrs.depth }, (_, i) => i),
      'int32',
      [attrs.depth],
    );
    const column = emit.reshape(emit.cast(emit.plain(indices), 'int32'), [...indices.shape, 1]);
    const hit = emit.node('Equal', [column, classes], { type: 'bool', shape });
    const [on, off] = [emit.scalar(attrs.onValue, type), emit.scalar(attrs.offValue, type)];
    return new SymbolicTensor(shape, type, emit.node('Where', [hit, on, off], { type, shape }));
  }),
];
