import * as tf from '@tensorflow/tfjs-core';

import { permute } from '../onnx/permute.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { poolGeometry, toNCHW, windowAttributes } from './conv-geometry.js';

const pool = (kernel: string, op: string, extra = {}): Lowering =>
  defineLowering<tf.MaxPoolAttrs>()(kernel, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const geometry = poolGeometry(x.shape, attrs);
    const shape = permute(geometry.outShape, toNCHW());
    const attributes = { ...windowAttributes(geometry), ...extra };
    const value = emit.node(op, [emit.as(x, toNCHW())], { type: x.dtype, shape }, { attributes });
    return new SymbolicTensor(geometry.outShape, x.dtype, value, toNCHW());
  });

export const poolLowerings: readonly Lowering[] = [
  pool(tf.MaxPool, 'MaxPool'),
  // The mean is over the window's part inside of the image.
  pool(tf.AvgPool, 'AveragePool', { count_include_pad: { int: 0 } }),
];
