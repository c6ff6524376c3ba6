import * as tf from '@tensorflow/tfjs-core';

import { noteGradient } from '../onnx/gradients.js';
import { permute } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { overhang, poolGeometry, toNCHW, windowAttributes, windowOf, type Geometry } from './conv-geometry.js';

const nchw = toNCHW();

/** Each window's gradient goes to its first greatest element; windows that overlap add up. */
function maxPoolGradient(emit: Emitter, dy: SymbolicTensor, x: SymbolicTensor, geometry: Geometry): SymbolicTensor {
  const images = emit.as(x, nchw);
  const shape = permute(geometry.outShape, nchw);
  const outputs = [
    { type: 'float32', shape },
    { type: 'int64', shape },
  ] as const;
  const [, places] = emit.nodes('MaxPool', [images], outputs, { attributes: windowAttributes(geometry) });
  if (!places) throw new Error('MaxPool has two outputs');
  const zeros = emit.plain(emit.fill([x.size], 'float32', 0));
  const flat = [zeros, emit.reshape(places, [dy.size]), emit.reshape(emit.as(dy, nchw), [dy.size])];
  const attributes = { axis: { int: 0 }, reduction: { string: 'add' } };
  const sum = emit.node('ScatterElements', flat, { type: 'float32', shape: [x.size] }, { attributes });
  return new SymbolicTensor(x.shape, 'float32', emit.reshape(sum, images.shape), nchw);
}

/**
 * Each window's gradient, shared evenly by its elements inside of the image, is added up over the windows: a transposed
 * convolution with ones. tfjs' own backends share it by the whole window, also where that reaches beyond the edge; this
 * is the derivative of the forward pass, as in TensorFlow.
 */
function avgPoolGradient(emit: Emitter, dy: SymbolicTensor, x: SymbolicTensor, geometry: Geometry): SymbolicTensor {
  const { outHeight, outWidth, filterHeight, filterWidth } = geometry;
  const output = { type: 'float32', shape: permute(dy.shape, nchw) } as const;
  const shares = emit.dense(windowShares(geometry), 'float32', [1, 1, outHeight, outWidth]);
  const shared = emit.node('Mul', [emit.as(dy, nchw), shares], output);
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const { bottom, right } = overhang(geometry);
  const attributes = {
    ...windowAttributes(geometry),
    output_padding: { ints: [Math.max(0, -bottom), Math.max(0, -right)] },
  };
  // Channels do not mix: each is an image of its own.
  const images = emit.reshape(shared, [batch * channels, 1, outHeight, outWidth]);
  const ones = emit.plain(emit.fill([1, 1, filterHeight, filterWidth], 'float32', 1));
  const spread = { type: 'float32', shape: [batch * channels, 1, height, width] } as const;
  const sum = emit.node('ConvTranspose', [images, ones], spread, { attributes });
  return new SymbolicTensor(x.shape, 'float32', emit.reshape(sum, [batch, channels, height, width]), nchw);
}

/** One over the number of elements that each window has inside of the image, `[outHeight, outWidth]`. */
function windowShares(g: Geometry): Float32Array {
  const inside = (out: number, stride: number, window: number, before: number, length: number) =>
    Array.from({ length: out }, (_, i) => {
      const start = i * stride - before;
      return Math.min(start + window, length) - Math.max(start, 0);
    });
  const rows = inside(g.outHeight, g.strideHeight, g.filterHeight, g.padInfo.top, g.inHeight);
  const columns = inside(g.outWidth, g.strideWidth, g.filterWidth, g.padInfo.left, g.inWidth);
  return Float32Array.from(rows.flatMap((height) => columns.map((width) => 1 / (height * width))));
}

export const poolGradientLowerings: readonly Lowering[] = [
  defineLowering<tf.MaxPoolGradAttrs>()(
    tf.MaxPoolGrad,
    { required: ['dy', 'input'], optional: ['output'] },
    ({ emit, inputs: { dy, input, output }, attrs }) => {
      const geometry = poolGeometry(input.shape, attrs);
      const gradient = maxPoolGradient(emit, dy, input, geometry);
      if (output) {
        const values = { images: emit.as(input, nchw), pooled: emit.as(output, nchw), dy: emit.as(dy, nchw) };
        noteGradient(emit.as(gradient, nchw), { of: 'max-pool', ...values, window: windowOf(geometry) });
      }
      return gradient;
    },
  ),
  defineLowering<tf.AvgPoolGradAttrs>()(
    tf.AvgPoolGrad,
    { required: ['dy', 'input'] },
    ({ emit, inputs: { dy, input }, attrs }) => avgPoolGradient(emit, dy, input, poolGeometry(input.shape, attrs)),
  ),
];
