import type * as tf from '@tensorflow/tfjs-core';

import type { Value } from '../onnx/graph.js';
import { noteConvolution } from '../onnx/gradients.js';
import { permute } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { convGeometry, OIHW, overhang, padsOf, toNCHW, windowAttributes, type Geometry } from './conv-geometry.js';
import { depthwiseFilter } from './conv2d.js';
import { reverse } from './slice.js';

/**
 * The gradient of a convolution with respect to its images. For strides of 1 it is the convolution of `dy` with the filter turned
 * by 180 degrees, for others the transposed convolution. Its result is NCHW.
 *
 * onnxruntime's ConvTranspose computes only products that count, Conv also those with the padding; with a filter that changes
 * from run to run they take the same time for each product (5x5, 16 -> 32 at 94x94: 64 and 67 ms; 64 -> 64 at 17x17: 13 and 19 ms;
 * 3x3 with `same` padding: 25 and 26 ms). In blocks of channels a convolution is far faster (41, 13 and 21 ms). Taking strided gradients
 * apart into convolutions of stride 1 costs more than it saves.
 */
export function inputGradient(
  emit: Emitter,
  dy: SymbolicTensor,
  filter: SymbolicTensor,
  attrs: tf.Conv2DBackpropInputAttrs,
  depthwise: boolean,
): SymbolicTensor {
  const geometry = convGeometry(attrs.inputShape, filter.shape, attrs, depthwise);
  const perm = toNCHW(attrs.dataFormat);
  const gradient = emit.as(dy, perm);
  const shape = permute(attrs.inputShape, perm);
  const convolved = turnedConvolution(emit, gradient, filter, geometry, shape, depthwise);
  const value =
    convolved && extraProducts(geometry) <= FEW
      ? convolved
      : transposedConvolution(emit, gradient, filter, geometry, shape, depthwise);
  if (convolved && convolved !== value) noteConvolution(value, convolved);
  return new SymbolicTensor(attrs.inputShape, 'float32', value, perm);
}

/** How many times as many products the convolution has. */
const extraProducts = (g: Geometry): number => (g.inHeight * g.inWidth) / (g.outHeight * g.outWidth);
const FEW = 1.02;

function transposedConvolution(
  emit: Emitter,
  dy: Value,
  filter: SymbolicTensor,
  geometry: Geometry,
  shape: readonly number[],
  depthwise: boolean,
): Value {
  const { bottom, right } = overhang(geometry);
  const attributes = {
    ...windowAttributes(geometry),
    // Rows that no window reached get the gradient 0.
    output_padding: { ints: [Math.max(0, -bottom), Math.max(0, -right)] },
    group: { int: depthwise ? geometry.inChannels : 1 },
  };
  const weights = depthwise ? depthwiseFilter(emit, filter) : emit.as(filter, OIHW);
  return emit.node('ConvTranspose', [dy, weights], { type: 'float32', shape }, { attributes });
}

/** Undefined for strides, for padding wider than the window, and for several filters a channel. */
function turnedConvolution(
  emit: Emitter,
  dy: Value,
  filter: SymbolicTensor,
  g: Geometry,
  shape: readonly number[],
  depthwise: boolean,
): Value | undefined {
  const [top, left, bottom, right] = padsOf(g);
  const rows = g.effectiveFilterHeight - 1;
  const columns = g.effectiveFilterWidth - 1;
  const pads = [rows - top, columns - left, rows - bottom, columns - right];
  const grouped = depthwise && g.outChannels !== g.inChannels;
  if (g.strideHeight !== 1 || g.strideWidth !== 1 || pads.some((count) => count < 0) || grouped) return undefined;
  const back = reverse(emit, filter, [0, 1]);
  const weights = depthwise ? depthwiseFilter(emit, back) : emit.as(back, [2, 3, 0, 1]);
  const attributes = {
    ...windowAttributes(g),
    pads: { ints: pads },
    group: { int: depthwise ? g.inChannels : 1 },
  };
  return emit.node('Conv', [dy, weights], { type: 'float32', shape }, { attributes });
}
