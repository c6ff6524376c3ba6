import * as tf from '@tensorflow/tfjs-core';

import { permute } from '../onnx/permute.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { poolGeometry, toNCHW, windowAttributes } from './conv-geometry.js';

export const maxPoolWithArgmaxLowerings: readonly Lowering[] = [
  defineLowering<tf.MaxPoolWithArgmaxAttrs>()(
    tf.MaxPoolWithArgmax,
    { required: ['x'] },
    ({ emit, inputs: { x }, attrs }) => {
      const [batch, height, width, channels] = x.shape as [number, number, number, number];
      const geometry = poolGeometry(x.shape, attrs);
      const shape = permute(geometry.outShape, toNCHW());
      const outputs = [
        { type: x.dtype, shape },
        { type: 'int64', shape },
      ] as const;
      const attributes = windowAttributes(geometry);
      const [largest, indices] = emit.nodes('MaxPool', [emit.as(x, toNCHW())], outputs, { attributes });
      if (!largest || !indices) throw new Error('MaxPool has two outputs');

      // ONNX counts places through the whole NCHW array, tfjs through each image as NHWC.
      const places = { type: 'int32', shape } as const;
      const of = (op: string, a: typeof indices, b: typeof indices) => emit.node(op, [a, b], places);
      const pixel = of('Mod', emit.cast(indices, 'int32'), emit.scalar(height * width, 'int32'));
      const range = (length: number, step: number, to: readonly number[]) =>
        emit.dense(
          Int32Array.from({ length }, (_, i) => i * step),
          'int32',
          to,
        );
      const channel = range(channels, 1, [1, channels, 1, 1]);
      const inImage = of('Add', of('Mul', pixel, emit.scalar(channels, 'int32')), channel);
      const image = range(batch, height * width * channels, [batch, 1, 1, 1]);
      const flat = attrs.includeBatchInIndex ? of('Add', inImage, image) : inImage;
      return [
        new SymbolicTensor(geometry.outShape, x.dtype, largest, toNCHW()),
        new SymbolicTensor(geometry.outShape, 'int32', flat, toNCHW()),
      ];
    },
  ),
];
