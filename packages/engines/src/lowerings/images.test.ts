import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';

import { compiled, expectEqualToEager, numbers, type Case } from '../../test/support.js';
import { createOnnxEngine } from '../engine.js';

const engine = createOnnxEngine({ workers: 1 });
afterAll(() => engine.dispose());

type T4 = tf.Tensor4D;
type Pad = Parameters<typeof tf.conv2d>[3];

const windows: { window: [number, number]; stride: number | [number, number]; pad: Pad; round?: 'floor' | 'ceil' }[] = [
  { window: [3, 3], stride: 1, pad: 'same' },
  { window: [3, 3], stride: 2, pad: 'same' },
  { window: [3, 3], stride: 2, pad: 'valid' },
  { window: [1, 1], stride: 1, pad: 'valid' },
  { window: [1, 1], stride: 2, pad: 'valid' },
  { window: [2, 3], stride: [3, 2], pad: 'valid' },
  { window: [5, 4], stride: [1, 3], pad: 'same' },
  { window: [3, 3], stride: 2, pad: 1, round: 'floor' },
  { window: [3, 2], stride: 2, pad: 1, round: 'ceil' },
  {
    window: [4, 4],
    stride: 2,
    pad: [
      [0, 0],
      [1, 2],
      [2, 1],
      [0, 0],
    ],
  },
];
const named = windows.map((w) => ({
  ...w,
  name: `${w.window.join('x')} stride ${String(w.stride)} pad ${JSON.stringify(w.pad)} ${w.round ?? ''}`,
}));
/** Sizes that no stride divides. */
const x = numbers([2, 9, 11, 3]);

describe('conv2d', () => {
  it.each(named)('$name', ({ name, window, stride, pad, round }) =>
    expectEqualToEager(engine, {
      name,
      f: (image, filter) => tf.conv2d(image as T4, filter as T4, stride, pad, 'NHWC', 1, round),
      x: [x, numbers([...window, 3, 4], 2)],
    }),
  );

  const cases: Case[] = [
    {
      name: 'dilated',
      f: (a, b) => tf.conv2d(a as T4, b as T4, 1, 'same', 'NHWC', [2, 3]),
      x: [x, numbers([3, 3, 3, 4], 2)],
    },
    {
      name: 'NCHW',
      f: (a, b) => tf.conv2d(a as T4, b as T4, 2, 'valid', 'NCHW'),
      x: [numbers([2, 3, 9, 11]), numbers([3, 3, 3, 4], 2)],
    },
    {
      name: 'transposed',
      f: (a, b) => tf.conv2dTranspose(a as T4, b as T4, [2, 10, 12, 4], 2, 'same'),
      x: [numbers([2, 5, 6, 3]), numbers([3, 3, 4, 3], 2)],
    },
    {
      name: 'depthwise',
      f: (a, b) => tf.depthwiseConv2d(a as T4, b as T4, 2, 'same'),
      x: [x, numbers([3, 3, 3, 2], 2)],
    },
    {
      name: 'depthwise valid',
      f: (a, b) => tf.depthwiseConv2d(a as T4, b as T4, [2, 2], 'valid'),
      x: [numbers([2, 8, 8, 3]), numbers([3, 3, 3, 1], 2)],
    },
    {
      name: 'fused depthwise with relu6',
      f: (a, b, bias) =>
        tf.fused.depthwiseConv2d({ x: a as T4, filter: b as T4, strides: 1, pad: 'same', bias, activation: 'relu6' }),
      x: [x, numbers([3, 3, 3, 1], 2), numbers([3], 3)],
    },
    {
      name: 'padded before, as in Keras’ ResNet',
      f: (a, b) =>
        tf.conv2d(
          tf.pad(a as T4, [
            [0, 0],
            [3, 3],
            [3, 3],
            [0, 0],
          ]),
          b as T4,
          2,
          'valid',
        ),
      x: [x, numbers([7, 7, 3, 4], 2)],
    },
    {
      name: 'twice, with an activation between and a sum after',
      f: (a, b, c) => tf.add(tf.conv2d(tf.relu(tf.conv2d(a as T4, b as T4, 1, 'same')), c as T4, 1, 'same'), a),
      x: [x, numbers([3, 3, 3, 4], 2), numbers([3, 3, 4, 3], 3)],
    },
  ];
  it.each(cases)('$name', (test) => expectEqualToEager(engine, test));
});

describe('maxPool', () => {
  it.each(named)('$name', ({ name, window, stride, pad, round }) =>
    expectEqualToEager(engine, { name, f: (image) => tf.maxPool(image as T4, window, stride, pad, round), x: [x] }),
  );

  it('gives the gradient of ties to the first of them', () =>
    expectEqualToEager(engine, {
      name: 'ties',
      f: (image) => tf.maxPool(tf.floor(image) as T4, 3, 2, 'same'),
      x: [x],
    }));

  it('gives the gradient of a window of equals to one element', () =>
    expectEqualToEager(engine, {
      name: 'zeros',
      f: (image) => tf.maxPool(tf.relu(image) as T4, 3, 2, 'same'),
      x: [numbers([1, 7, 7, 2], 1, -2, 0.2)],
    }));
});

describe('avgPool', () => {
  it.each(named)('$name', ({ name, window, stride, pad, round }) =>
    expectEqualToEager(engine, {
      name,
      f: (image) => tf.avgPool(image as T4, window, stride, pad, round),
      x: [x],
      // tfjs' own gradient is not the derivative of its forward pass where windows reach over the edge; see below.
      gradients: pad === 'valid',
    }),
  );

  it('has the derivative of the forward pass as its gradient, also at the edge', async () => {
    const test: Case = { name: 'edge', f: (image) => tf.avgPool(image as T4, 3, 2, 'same'), x: [x] };
    const { gradient0 } = await compiled(engine, test);
    // The pooling is linear: the gradient of sum(w * pool(x)) at one element is the pooled unit image, weighted.
    const weights = numbers([2, 5, 6, 3], 100);
    for (const place of [0, 40, 200, 593]) {
      const unit = { ...x, data: new Float32Array(x.data.length) };
      unit.data[place] = 1;
      const { y0 } = await compiled(engine, { ...test, x: [unit], gradients: false });
      const derivative = [...(y0?.data ?? [])].reduce(
        (sum: number, value, i) => sum + value * (weights.data[i] ?? 0),
        0,
      );
      expect(gradient0?.data[place]).toBeCloseTo(derivative, 5);
    }
  });
});

describe('batchNorm', () => {
  const vectors = [numbers([3], 2), numbers([3], 3, 0.1, 2), numbers([3], 4), numbers([3], 5)];
  const normalized: Case['f'] = (image, mean, variance, offset, scale) => {
    return tf.batchNorm(
      image as T4,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
      1e-3,
    );
  };
  const cases: Case[] = [
    { name: 'NHWC', f: normalized, x: [x, ...vectors] },
    {
      name: 'NCHW',
      f: (image, ...rest) => normalized(tf.maxPool(image as T4, 2, 1, 'valid'), ...rest),
      x: [x, ...vectors],
    },
    {
      name: 'without scale and offset',
      f: (image, mean, variance) =>
        tf.batchNorm(tf.maxPool(image as T4, 2, 1, 'valid'), mean as tf.Tensor1D, variance as tf.Tensor1D),
      x: [x, ...vectors.slice(0, 2)],
      // tfjs differentiates it with a scale only.
      gradients: false,
    },
    { name: 'of a matrix', f: normalized, x: [numbers([5, 3]), ...vectors] },
  ];
  it.each(cases)('$name', (test) => expectEqualToEager(engine, { ...test, tolerance: 5e-6 }));
});
