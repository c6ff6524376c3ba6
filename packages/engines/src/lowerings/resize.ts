import * as tf from '@tensorflow/tfjs-core';

import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { castTensor } from './cast.js';
import { toNCHW } from './conv-geometry.js';
import { nearestSource, type Sampling } from './resize-sampling.js';

type Attrs = tf.ResizeBilinearAttrs;

/** ONNX' name for how a place in the result is found in the source. */
function coordinates({ alignCorners, halfPixelCenters }: Attrs): string {
  if (alignCorners) return 'align_corners';
  return halfPixelCenters ? 'half_pixel' : 'asymmetric';
}

function resized(emit: Emitter, x: SymbolicTensor, { size, ...attrs }: Attrs, mode: 'linear' | 'nearest') {
  const [batch, , , channels] = x.shape as [number, number, number, number];
  const sizes = [batch, channels, ...size];
  const attributes = {
    mode: { string: mode },
    nearest_mode: { string: 'floor' },
    coordinate_transformation_mode: { string: coordinates({ size, ...attrs }) },
  };
  const inputs = [emit.as(x, toNCHW()), undefined, undefined, emit.ints(sizes)];
  const value = emit.node('Resize', inputs, { type: x.dtype, shape: sizes }, { attributes });
  return new SymbolicTensor([batch, ...size, channels], x.dtype, value, toNCHW());
}

/** Picks the rows, then the columns that tfjs' rule gives: ONNX has no rounding mode that ends on the same ones. */
function picked(emit: Emitter, x: SymbolicTensor, attrs: Attrs): SymbolicTensor {
  let value = emit.as(x, toNCHW());
  for (const [i, to] of attrs.size.entries()) {
    const sampling: Sampling = { from: x.shape[i + 1] as number, to, ...attrs };
    const places = Int32Array.from({ length: to }, (_, place) => nearestSource(sampling, place));
    const shape = value.shape.map((length, axis) => (axis === i + 2 ? to : length));
    const inputs = [value, emit.dense(places, 'int32', [to])];
    value = emit.node('Gather', inputs, { type: x.dtype, shape }, { attributes: { axis: { int: i + 2 } } });
  }
  const [batch, channels, height, width] = value.shape as [number, number, number, number];
  return new SymbolicTensor([batch, height, width, channels], x.dtype, value, toNCHW());
}

/** True if each pixel becomes a block of equals: what UpSampling2D does, and onnxruntime does fastest. */
export function repeatsPixels([, height, width]: readonly number[], { size, alignCorners }: Attrs): boolean {
  return !alignCorners && size[0] % (height as number) === 0 && size[1] % (width as number) === 0;
}

export const resizeLowerings: readonly Lowering[] = [
  defineLowering<Attrs>()(tf.ResizeBilinear, { required: ['images'] }, ({ emit, inputs: { images }, attrs }) =>
    resized(emit, castTensor(emit, images, 'float32'), attrs, 'linear'),
  ),
  defineLowering<Attrs>()(tf.ResizeNearestNeighbor, { required: ['images'] }, ({ emit, inputs: { images }, attrs }) =>
    repeatsPixels(images.shape, attrs)
      ? resized(emit, images, { ...attrs, halfPixelCenters: false }, 'nearest')
      : picked(emit, images, attrs),
  ),
];
