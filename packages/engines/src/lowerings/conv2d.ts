import * as tf from '@tensorflow/tfjs-core';

import { permute } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { activated } from './activations.js';
import { convGeometry, OIHW, toNCHW, windowAttributes, type DataFormat } from './conv-geometry.js';

/** A convolution of NCHW images; its result is NCHW too. Depthwise filters are `[height, width, C, M]`. */
function convolve(
  emit: Emitter,
  x: SymbolicTensor,
  filter: SymbolicTensor,
  attrs: Omit<tf.Conv2DAttrs, 'dataFormat'> & { readonly dataFormat?: DataFormat },
  options: { readonly depthwise?: boolean; readonly bias?: SymbolicTensor } = {},
): SymbolicTensor {
  const { depthwise = false, bias } = options;
  const geometry = convGeometry(x.shape, filter.shape, attrs, depthwise);
  const perm = toNCHW(attrs.dataFormat);
  const weights = depthwise ? depthwiseFilter(emit, filter) : emit.as(filter, OIHW);
  const inputs = [emit.as(x, perm), weights, ...(bias ? [emit.reshape(emit.plain(bias), [bias.size])] : [])];
  const attributes = { ...windowAttributes(geometry), group: { int: depthwise ? geometry.inChannels : 1 } };
  const shape = permute(geometry.outShape, perm);
  const value = emit.node('Conv', inputs, { type: 'float32', shape }, { attributes });
  return new SymbolicTensor(geometry.outShape, 'float32', value, perm);
}

/** `[H, W, C, M]` as ONNX wants it for C groups: `[C * M, 1, H, W]`. */
export function depthwiseFilter(emit: Emitter, filter: SymbolicTensor) {
  const [height, width, channels, multiplier] = filter.shape as [number, number, number, number];
  return emit.reshape(emit.as(filter, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

const plain = (kernel: string, depthwise: boolean): Lowering =>
  defineLowering<tf.Conv2DAttrs>()(kernel, { required: ['x', 'filter'] }, ({ emit, inputs: { x, filter }, attrs }) =>
    convolve(emit, x, filter, attrs, { depthwise }),
  );

const fused = (kernel: string, depthwise: boolean): Lowering =>
  defineLowering<tf.FusedConv2DAttrs>()(
    kernel,
    { required: ['x', 'filter'], optional: ['bias', 'preluActivationWeights'] },
    ({ emit, inputs: { x, filter, bias, preluActivationWeights }, attrs }) =>
      activated(emit, convolve(emit, x, filter, attrs, { depthwise, bias }), attrs, preluActivationWeights),
  );

export const conv2dLowerings: readonly Lowering[] = [
  plain(tf.Conv2D, false),
  fused(tf.FusedConv2D, false),
  plain(tf.DepthwiseConv2dNative, true),
  fused(tf.FusedDepthwiseConv2D, true),
];
