import * as tf from '@tensorflow/tfjs-core';

import { noteGradient } from '../onnx/gradients.js';
import { identity, type Permutation } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { convGeometry, padsOf, toNCHW, windowOf, type Geometry } from './conv-geometry.js';
import { filterGradient } from './filter-gradient/index.js';
import { inputGradient } from './input-gradient.js';
import { block } from './slice.js';

/** NHWC with the batch as channels and the channels as batch. */
const CHANNELS_FIRST: Permutation = [3, 0, 1, 2];

/**
 * The gradient with respect to the filter for one filter a channel: a convolution of the images with `dy` in which batch and
 * channels have changed places, so that it sums over the batch, and strides have become dilations. Each channel is a
 * group.
 */
function depthwiseFilterGradient(
  emit: Emitter,
  x: SymbolicTensor,
  dy: SymbolicTensor,
  geometry: Geometry,
): SymbolicTensor {
  const { batchSize, inChannels, inHeight, inWidth, outChannels, filterHeight, filterWidth } = geometry;
  const images = emit.reshape(emit.as(x, CHANNELS_FIRST), [1, inChannels * batchSize, inHeight, inWidth]);
  const [height, width] = correlationSize(geometry);
  const output = { type: 'float32', shape: [1, outChannels, height, width] } as const;
  const attributes = swapped(geometry, inChannels);
  const value = emit.node('Conv', [images, emit.as(dy, CHANNELS_FIRST)], output, { attributes });
  const multiplier = outChannels / inChannels;
  const grouped = emit.reshape(value, [inChannels, multiplier, height, width]);
  const all = new SymbolicTensor([height, width, inChannels, multiplier], 'float32', grouped, [2, 3, 0, 1]);
  return inPlainOrder(emit, block(emit, all, [0, 0, 0, 0], [filterHeight, filterWidth, inChannels, multiplier]));
}

/** Weights and optimizer slots are kept in tfjs' order, and every gradient meets them. */
function inPlainOrder(emit: Emitter, gradient: SymbolicTensor): SymbolicTensor {
  return new SymbolicTensor(gradient.shape, 'float32', emit.plain(gradient), identity(gradient.rank));
}

/** The window's gradient, and a few rows more where the last input rows were in no window. */
function correlationSize(g: Geometry): [number, number] {
  const [top, left, bottom, right] = padsOf(g);
  const size = (input: number, before: number, after: number, out: number, stride: number, dilation: number) =>
    Math.floor((input + before + after - (out - 1) * stride - 1) / dilation) + 1;
  return [
    size(g.inHeight, top, bottom, g.outHeight, g.strideHeight, g.dilationHeight),
    size(g.inWidth, left, right, g.outWidth, g.strideWidth, g.dilationWidth),
  ];
}

function swapped(g: Geometry, group: number) {
  return {
    kernel_shape: { ints: [g.outHeight, g.outWidth] },
    strides: { ints: [g.dilationHeight, g.dilationWidth] },
    dilations: { ints: [g.strideHeight, g.strideWidth] },
    pads: { ints: padsOf(g) },
    group: { int: group },
  };
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
      const images = { images: emit.as(x, toNCHW()), dy: emit.as(dy, toNCHW()) };
      const gradient = filterGradient(emit, x, dy, geometry);
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
      depthwiseFilterGradient(emit, x, dy, convGeometry(x.shape, attrs.filterShape, attrs, true)),
  ),
];
