import * as tf from '@tensorflow/tfjs-core';

import { noteGradient } from '../onnx/gradients.js';
import { permute } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { convGeometry, toNCHW, windowOf, type DataFormat } from './conv-geometry.js';
import { depthwise } from './filter-gradient/depthwise.js';
import { filterGradient } from './filter-gradient/index.js';
import { inputGradient } from './input-gradient.js';

/** The same images as `[N, H, W, C]`: only the axes' names change. */
function channelsLast(emit: Emitter, x: SymbolicTensor, format: DataFormat): SymbolicTensor {
  if (format === 'NHWC') return x;
  return new SymbolicTensor(permute(x.shape, [0, 2, 3, 1]), 'float32', emit.plain(x), toNCHW());
}

type FilterAttrs = tf.Conv2DBackpropFilterAttrs & { readonly dilations?: [number, number] | number };

export const conv2dGradientLowerings: readonly Lowering[] = [
  defineLowering<tf.Conv2DBackpropInputAttrs>()(
    tf.Conv2DBackpropInput,
    { required: ['dy', 'filter'] },
    ({ emit, inputs: { dy, filter }, attrs }) => inputGradient(emit, dy, filter, attrs, false),
  ),
  defineLowering<FilterAttrs>()(
    tf.Conv2DBackpropFilter,
    { required: ['x', 'dy'] },
    ({ emit, inputs: { x, dy }, attrs }) => {
      const geometry = convGeometry(x.shape, attrs.filterShape, attrs);
      const perm = toNCHW(attrs.dataFormat);
      const images = { images: emit.as(x, perm), dy: emit.as(dy, perm) };
      const last = (tensor: SymbolicTensor) => channelsLast(emit, tensor, attrs.dataFormat);
      const gradient = filterGradient(emit, last(x), last(dy), geometry);
      noteGradient(emit.plain(gradient), { of: 'filter', ...images, window: windowOf(geometry) });
      return gradient;
    },
  ),
  defineLowering<tf.Conv2DBackpropInputAttrs>()(
    tf.DepthwiseConv2dNativeBackpropInput,
    { required: ['dy', 'filter'] },
    ({ emit, inputs: { dy, filter }, attrs }) => inputGradient(emit, dy, filter, attrs, true),
  ),
  defineLowering<FilterAttrs>()(
    tf.DepthwiseConv2dNativeBackpropFilter,
    { required: ['x', 'dy'] },
    ({ emit, inputs: { x, dy }, attrs }) =>
      filterGradient(emit, x, dy, convGeometry(x.shape, attrs.filterShape, attrs, true), depthwise),
  ),
];
