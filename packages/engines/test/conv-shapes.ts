import * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from '@kindred/core';
import fc from 'fast-check';

import { numbers } from '../src/testing/index.js';

type Pair = [number, number];
type Pad = 'same' | 'valid' | tf.backend_util.ExplicitPadding;

/** One convolution: sizes small enough for tfjs' CPU backend, odd enough for any strategy. */
export interface ConvShape {
  readonly x: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly pad: Pad;
}

const pair = (max: number): fc.Arbitrary<Pair> => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }));
const edge = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
const paddings: fc.Arbitrary<Pad> = fc.oneof(
  fc.constant<Pad>('same'),
  fc.constant<Pad>('valid'),
  fc.tuple(edge, edge).map(([rows, columns]): Pad => [[0, 0], rows, columns, [0, 0]]),
);

/** Convolutions of up to 12x12 pixels, up to 4x4 windows: strides that do not divide, or dilations (tfjs allows one of both). */
export const convShapes = (depthwise = false): fc.Arbitrary<ConvShape> =>
  fc
    .record({
      batch: fc.integer({ min: 1, max: 4 }),
      size: pair(12),
      channels: fc.integer({ min: 1, max: 5 }),
      filters: fc.integer({ min: 1, max: depthwise ? 2 : 5 }),
      window: pair(4),
      spread: pair(3),
      dilated: fc.boolean(),
      pad: paddings,
    })
    .map(({ batch, size, channels, filters, window, spread, dilated, pad }): ConvShape => ({
      x: [batch, ...size, channels],
      filter: [...window, channels, filters],
      strides: dilated ? [1, 1] : spread,
      dilations: dilated ? spread : [1, 1],
      pad,
    }))
    .filter((shape) => geometryOf(shape, depthwise).outShape.every((length) => length > 0));

export const geometryOf = ({ x, filter, strides, dilations, pad }: ConvShape, depthwise = false) =>
  tf.backend_util.computeConv2DInfo(x, filter, strides, dilations, pad, undefined, depthwise);

export interface ConvArrays {
  readonly x: NdArray<'float32'>;
  readonly filter: NdArray<'float32'>;
  readonly dy: NdArray<'float32'>;
}

export function convArrays(shape: ConvShape, depthwise = false): ConvArrays {
  const { outShape } = geometryOf(shape, depthwise);
  return { x: numbers(shape.x, 1), filter: numbers(shape.filter, 2), dy: numbers(outShape, 3) };
}

type Convolution = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor4D;

/** The convolution itself, by tfjs. */
export function convolution({ strides, pad, dilations }: ConvShape, depthwise = false): Convolution {
  return (x, filter) =>
    depthwise
      ? tf.depthwiseConv2d(x, filter, strides, pad, 'NHWC', dilations)
      : tf.conv2d(x, filter, strides, pad, 'NHWC', dilations);
}

const isOne = (pair: Pair) => pair.every((item) => item === 1);

/**
 * The gradients of `sum(dy * conv(x, filter))` by tfjs' CPU backend. tfjs has no gradient of a dilated convolution: there, the filter is
 * the same filter with zeros between its elements, and of its gradient every `dilation`-th element counts.
 */
export function referenceGradients(
  shape: ConvShape,
  arrays: ConvArrays,
  depthwise = false,
): { dx: NdArray; df: NdArray } {
  const results = tf.tidy(() => {
    const [x, filter, dy] = [arrays.x, arrays.filter, arrays.dy].map(({ data, shape: of }) =>
      tf.tensor4d(data, of as [number, number, number, number]),
    ) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    const plain: ConvShape = { ...shape, dilations: [1, 1] };
    const run = convolution(plain, depthwise);
    const spread = (w: tf.Tensor4D): tf.Tensor4D => withHoles(w, shape.dilations);
    const [dx, df] = tf.grads((a, b) => tf.sum(tf.mul(run(a as tf.Tensor4D, spread(b as tf.Tensor4D)), dy)))([
      x,
      filter,
    ]);
    return { dx: dx as tf.Tensor, df: df as tf.Tensor };
  });
  const { dx, df } = results;
  const array = (tensor: tf.Tensor): NdArray => ({
    dtype: 'float32',
    shape: tensor.shape,
    data: tensor.dataSync(),
  });
  const read = { dx: array(dx), df: array(df) };
  tf.dispose([dx, df]);
  return read;
}

/** The filter with `dilation - 1` zeros after each element but the last, in both directions. */
function withHoles(filter: tf.Tensor4D, dilations: Pair): tf.Tensor4D {
  if (isOne(dilations)) return filter;
  const [height, width, channels, filters] = filter.shape;
  const [rows, columns] = dilations;
  const apart = tf.pad(tf.reshape(filter, [height, 1, width, 1, channels * filters]), [
    [0, 0],
    [0, rows - 1],
    [0, 0],
    [0, columns - 1],
    [0, 0],
  ]);
  const all = tf.reshape(apart, [height * rows, width * columns, channels, filters]);
  const size: [number, number, number, number] = [
    (height - 1) * rows + 1,
    (width - 1) * columns + 1,
    channels,
    filters,
  ];
  return tf.slice(all as tf.Tensor4D, [0, 0, 0, 0], size);
}
