import * as tf from '@tensorflow/tfjs-core';

import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { toNCHW } from './conv-geometry.js';
import { repeatsPixels } from './resize.js';
import { samplingMatrix } from './resize-sampling.js';

type Attrs = tf.ResizeBilinearAttrs;

/** Each pixel was repeated in a block: its gradient is the block's sum, the mean times its size. */
function blockSums(emit: Emitter, dy: SymbolicTensor, shape: readonly number[]): SymbolicTensor {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const value = emit.as(dy, toNCHW());
  const block = [(dy.shape[1] as number) / height, (dy.shape[2] as number) / width] as const;
  const attributes = { kernel_shape: { ints: block }, strides: { ints: block } };
  const output = { type: 'float32', shape: [batch, channels, height, width] } as const;
  const mean = emit.node('AveragePool', [value], output, { attributes });
  const sum = emit.node('Mul', [mean, emit.scalar(block[0] * block[1], 'float32')], output);
  return new SymbolicTensor(shape, 'float32', sum, toNCHW());
}

/**
 * The transpose of the resizing: rows^T dy columns for each channel. It is the derivative of what the forward pass
 * computes for every combination of flags; tfjs' CPU backend leaves `halfPixelCenters` out of its gradients.
 */
function transposed(
  emit: Emitter,
  dy: SymbolicTensor,
  shape: readonly number[],
  attrs: Attrs,
  mode: 'linear' | 'nearest',
): SymbolicTensor {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const [newHeight, newWidth] = dy.shape.slice(1, 3) as [number, number];
  const flags = { alignCorners: attrs.alignCorners, halfPixelCenters: attrs.halfPixelCenters };
  const matrix = (from: number, to: number) =>
    emit.dense(samplingMatrix({ from, to, ...flags }, mode), 'float32', [to, from]);
  const product = { type: 'float32', shape: [batch, channels, newHeight, width] } as const;
  const narrow = emit.node('MatMul', [emit.as(dy, toNCHW()), matrix(width, newWidth)], product);
  const rows = emit.transpose(matrix(height, newHeight), [1, 0]);
  const output = { type: 'float32', shape: [batch, channels, height, width] } as const;
  return new SymbolicTensor(shape, 'float32', emit.node('MatMul', [rows, narrow], output), toNCHW());
}

export const resizeGradientLowerings: readonly Lowering[] = [
  defineLowering<Attrs>()(tf.ResizeBilinearGrad, { required: ['images', 'dy'] }, ({ emit, inputs, attrs }) =>
    transposed(emit, inputs.dy, inputs.images.shape, attrs, 'linear'),
  ),
  defineLowering<Attrs>()(tf.ResizeNearestNeighborGrad, { required: ['images', 'dy'] }, ({ emit, inputs, attrs }) => {
    const [, height, width] = inputs.dy.shape as [number, number, number];
    return repeatsPixels(inputs.images.shape, { ...attrs, size: [height, width] })
      ? blockSums(emit, inputs.dy, inputs.images.shape)
      : transposed(emit, inputs.dy, inputs.images.shape, attrs, 'nearest');
  }),
];
