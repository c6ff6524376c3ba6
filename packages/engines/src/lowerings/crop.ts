import * as tf from '@tensorflow/tfjs-core';

import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { toNCHW } from './conv-geometry.js';

export const cropLowerings: readonly Lowering[] = [
  defineLowering<tf.CropAndResizeAttrs>()(
    tf.CropAndResize,
    { required: ['image', 'boxes', 'boxInd'] },
    ({ emit, inputs: { image, boxes, boxInd }, attrs: { cropSize, method, extrapolationValue } }) => {
      const [crops, channels] = [boxes.shape[0] as number, image.shape[3] as number];
      const attributes = { mode: { string: method }, extrapolation_value: { float: extrapolationValue } };
      const inputs = [
        emit.cast(emit.as(image, toNCHW()), 'float32'),
        emit.plain(boxes),
        emit.plain(boxInd),
        emit.dense(Int32Array.from(cropSize), 'int32', [2]),
      ];
      const output = { type: 'float32', shape: [crops, channels, ...cropSize] } as const;
      const value = emit.node('CropAndResize', inputs, output, { domain: 'com.microsoft', attributes });
      return new SymbolicTensor([crops, ...cropSize, channels], 'float32', value, toNCHW());
    },
  ),
];
