import * as tf from '@tensorflow/tfjs-core';

import type { Window } from '../onnx/gradients.js';
import type { Permutation } from '../onnx/permute.js';

/** Shapes, strides and paddings of one convolution or pooling, as tfjs resolves them. */
export type Geometry = tf.backend_util.Conv2DInfo;

export type DataFormat = 'NHWC' | 'NCHW';

/** Leads from a tfjs image batch to NCHW. */
export const toNCHW = (format: DataFormat = 'NHWC'): Permutation => (format === 'NHWC' ? [0, 3, 1, 2] : [0, 1, 2, 3]);

/** Leads from tfjs' HWIO filters to ONNX' OIHW. */
export const OIHW: Permutation = [3, 2, 0, 1];

interface ConvAttrs {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat?: DataFormat;
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export function convGeometry(
  input: readonly number[],
  filter: readonly number[],
  attrs: ConvAttrs,
  depthwise = false,
): Geometry {
  return tf.backend_util.computeConv2DInfo(
    input as [number, number, number, number],
    filter as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
    tf.backend_util.convertConv2DDataFormat(attrs.dataFormat ?? 'NHWC'),
  );
}

export function poolGeometry(
  input: readonly number[],
  attrs: ConvAttrs & { filterSize: [number, number] | number },
): Geometry {
  const shape = input as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(shape, attrs.filterSize, attrs.strides, 1, attrs.pad, attrs.dimRoundingMode);
}

/**
 * How far the windows reach beyond the input at the bottom and on the right. Negative where the last rows are in no
 * window. It follows from the sizes alone, so it is right for every way of rounding.
 */
export function overhang(g: Geometry): { bottom: number; right: number } {
  return {
    bottom: (g.outHeight - 1) * g.strideHeight + g.effectiveFilterHeight - g.inHeight - g.padInfo.top,
    right: (g.outWidth - 1) * g.strideWidth + g.effectiveFilterWidth - g.inWidth - g.padInfo.left,
  };
}

/** top, left, bottom, right: the order of ONNX' `pads`. */
export function padsOf(g: Geometry): [number, number, number, number] {
  const { bottom, right } = overhang(g);
  return [g.padInfo.top, g.padInfo.left, Math.max(0, bottom), Math.max(0, right)];
}

/** What Conv, ConvTranspose and the pools have in common. */
export function windowAttributes(g: Geometry) {
  return {
    kernel_shape: { ints: [g.filterHeight, g.filterWidth] },
    strides: { ints: [g.strideHeight, g.strideWidth] },
    pads: { ints: padsOf(g) },
    dilations: { ints: [g.dilationHeight, g.dilationWidth] },
  };
}

export const windowOf = (g: Geometry): Window => ({
  kernel: [g.filterHeight, g.filterWidth],
  strides: [g.strideHeight, g.strideWidth],
  dilations: [g.dilationHeight, g.dilationWidth],
  pads: padsOf(g),
});
