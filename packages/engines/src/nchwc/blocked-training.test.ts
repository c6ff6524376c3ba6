import * as tf from '@tensorflow/tfjs-core';
import { float32, toTensor, type Engine } from '@kindred/core';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import { createOnnxEngine } from '../engine.js';
import { checkNumericCase, numbers, ties, type NumericCase } from '../testing/index.js';

const engine = createOnnxEngine({ workers: 1 });
afterAll(() => engine.dispose());

/** Programs with a variable are trained; their graphs go through the pass. */
const trained: Engine = {
  ...engine,
  compile: (program) => engine.compile({ ...program, variables: { step: float32([], [0]) } }),
};

type T4 = tf.Tensor4D;
type Test = Omit<NumericCase, 'name'>;

/**
 * Values and gradients against tfjs' CPU backend. Sums of up to some thousand products in another order: about a hundred units
 * in the last place of float32 (6e-8).
 */
const check = (name: string, test: Test) => checkNumericCase(trained, { tolerance: 1e-5, ...test, name });

const conv = (x: tf.Tensor, filter: tf.Tensor, stride = 1, pad: 'same' | 'valid' = 'same', dilation = 1) =>
  tf.conv2d(x as T4, filter as T4, stride, pad, 'NHWC', dilation);
const maxPool = (x: tf.Tensor, size = 2, stride = size, pad: 'same' | 'valid' = 'valid') =>
  tf.maxPool(x as T4, size, stride, pad);

describe('numbers of channels', () => {
  // First layers, whole blocks of 8 and 16, and what fills them in part.
  const channels = [1, 3, 5, 8, 16, 17, 33];
  it.each(channels.flatMap((c, i) => [[c, channels[(i + 3) % channels.length] as number] as const, [c, 16] as const]))(
    '%i -> %i, then back',
    (c, f) =>
      check(`${c} ${f}`, {
        f: (x, a, bias, b) => conv(tf.relu(tf.add(conv(x as T4, a as T4), bias as T4)), b),
        x: [numbers([2, 6, 7, c]), numbers([3, 3, c, f], 2), numbers([f], 3), numbers([3, 3, f, c], 4)],
      }),
  );
});

describe('windows', () => {
  const windows = [
    { name: '5x5', filter: [5, 5], stride: 1, pad: 'same', dilation: 1 },
    { name: '1x1', filter: [1, 1], stride: 1, pad: 'same', dilation: 1 },
    { name: '1x1 with strides', filter: [1, 1], stride: 2, pad: 'valid', dilation: 1 },
    { name: '4x3, unequal pads', filter: [4, 3], stride: 1, pad: 'same', dilation: 1 },
    { name: '3x3 with strides that leave rows over', filter: [3, 3], stride: 2, pad: 'valid', dilation: 1 },
    { name: '3x3 with strides, unequal pads', filter: [3, 3], stride: 2, pad: 'same', dilation: 1 },
    { name: 'strides beyond the window', filter: [2, 2], stride: 3, pad: 'valid', dilation: 1 },
    { name: 'dilated', filter: [3, 2], stride: 1, pad: 'same', dilation: 2, gradients: false },
    { name: 'as large as the image', filter: [10, 9], stride: 1, pad: 'valid', dilation: 1 },
    { name: 'reaching over both edges', filter: [7, 9], stride: 1, pad: 'same', dilation: 1, size: [3, 4] },
  ] as const;
  it.each(windows)('$name', ({ name, filter, stride, pad, dilation, ...rest }) => {
    const [height, width] = 'size' in rest ? rest.size : [10, 9];
    return check(name, {
      f: (x, a, b) => conv(conv(x, a), b, stride, pad, dilation),
      x: [numbers([3, height, width, 16]), numbers([1, 1, 16, 32], 2), numbers([...filter, 32, 16], 3)],
      gradients: !('gradients' in rest),
    });
  });

  it('depthwise', () =>
    check('depthwise', {
      f: (x, a, b) => tf.depthwiseConv2d(conv(x as T4, a as T4), b as T4, 1, 'same'),
      x: [numbers([2, 7, 6, 3]), numbers([1, 1, 3, 16], 2), numbers([3, 3, 16, 1], 3)],
    }));
});

describe('batches', () => {
  // The gradient of a filter sums over the batch in blocks; images are cut where the batch does not fill them.
  it.each([1, 2, 5, 8, 16, 24, 33])('of %i', (batch) =>
    check(`batch ${batch}`, {
      f: (x, a) => tf.relu(conv(x as T4, a as T4)),
      x: [numbers([batch, 7, 5, 3]), numbers([3, 3, 3, 8], 2)],
    }),
  );

  it('of images that are cut into several strips', () =>
    check('strips', {
      f: (x, a) => conv(x, a),
      // 6 rows of half an image, of which about 4 make a strip.
      x: [numbers([8, 12, 128, 1]), numbers([3, 1, 1, 64], 2)],
    }));
});

describe('what lies between', () => {
  const filters = [numbers([3, 3, 3, 16], 2), numbers([3, 3, 16, 16], 3)];
  const between: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    'a ReLU and a max pool': (x) => maxPool(tf.relu(x)),
    'a max pool and a ReLU': (x) => tf.relu(maxPool(x)),
    'a max pool that leaves a row over': (x) => maxPool(tf.relu(x), 3),
    'windows that overlap': (x) => maxPool(x, 3, 2, 'same'),
    'an average pool': (x) => tf.avgPool(x as T4, 2, 2, 'valid'),
    'tanh, sigmoid, ELU': (x) => tf.elu(tf.sub(tf.tanh(x), tf.sigmoid(x))),
    'a branch': (x) => tf.add(tf.relu(x), tf.mul(x, 0.5)),
    'one number a channel': (x) => tf.mul(x, tf.reshape(tf.range(1, 17), [1, 1, 1, 16])),
    'normalization by the batch': (x) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)));
    },
    'a mean over pixels': (x) => tf.mul(x, tf.mean(x, [1, 2], true)),
    'a convolution that is not trained': (x) => conv(x, toTensor(numbers([3, 3, 16, 16], 9))),
    'a transposition': (x) => tf.transpose(x, [0, 2, 1, 3]),
    'a slice and zeros': (x) =>
      tf.pad(tf.slice(x, [0, 1, 0, 0], [2, 5, 6, 16]), [
        [0, 0],
        [1, 1],
        [2, 0],
        [0, 0],
      ]),
  };
  it.each(Object.entries(between))('%s', (name, f) =>
    check(name, {
      f: (x, a, b) => conv(f(conv(x, a)), b),
      x: [numbers([2, 8, 8, 3]), ...filters],
    }),
  );

  it('an average pool over the edges', () =>
    check('average over edges', {
      f: (x, a) => tf.avgPool(conv(x as T4, a as T4), 3, 1, 'same'),
      x: [numbers([2, 8, 8, 3]), numbers([3, 3, 3, 16], 2)],
      // tfjs' backends share a gradient by the whole window, also where that reaches beyond the edge.
      gradients: false,
    }));

  it('gives ties in a window to the first of them', () =>
    check('ties', {
      f: (x, a) => maxPool(conv(x, a)),
      x: [ties([2, 9, 8, 3], 1, 0, 2), ties([1, 1, 3, 16], 2, -1, 2)],
    }));

  it('keeps what several readers and the outputs need', () =>
    check('readers', {
      f: (x, a, b) => {
        const first = conv(x, a);
        const second = tf.relu(first);
        return [first, second, conv(second, b), conv(first, b), tf.reshape(second, [2, -1])];
      },
      x: [numbers([2, 6, 6, 3]), ...filters],
    }));
});

describe('random networks', () => {
  const layer = fc.record({
    filters: fc.constantFrom(1, 4, 8, 16, 17, 20, 32),
    kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    stride: fc.constantFrom(1, 1, 2),
    pad: fc.constantFrom('same' as const, 'valid' as const),
    bias: fc.boolean(),
    after: fc.array(fc.constantFrom('relu', 'tanh', 'max', 'average', 'skip'), { maxLength: 2 }),
  });
  const network = fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    size: fc.tuple(fc.integer({ min: 4, max: 10 }), fc.integer({ min: 4, max: 10 })),
    channels: fc.constantFrom(1, 3, 16, 18),
    layers: fc.array(layer, { minLength: 1, maxLength: 3 }),
  });

  const apply = (x: tf.Tensor, after: string): tf.Tensor => {
    if (after === 'relu') return tf.relu(x);
    if (after === 'tanh') return tf.tanh(x);
    if (after === 'skip') return tf.add(x, tf.relu(tf.neg(x)));
    return after === 'max' ? maxPool(x, 2, 2, 'same') : tf.avgPool(x as T4, 2, 2, 'valid');
  };

  it('compute and learn what tfjs does', async () => {
    await fc.assert(
      fc.asyncProperty(network, async ({ batch, size, channels, layers }) => {
        let inputs: number = channels;
        const weights = layers.flatMap(({ filters, kernel, bias }, i) => {
          // Activations stay about 1 (Glorot and Bengio 2010): a saturated tanh has a gradient of nothing but rounding.
          const limit = Math.sqrt(3 / (kernel[0] * kernel[1] * inputs)) / 2;
          const filter = numbers([...kernel, inputs, filters], i + 2, -limit, limit);
          inputs = filters;
          return bias ? [filter, numbers([filters], i + 20)] : [filter];
        });
        const f = (x: tf.Tensor, ...given: tf.Tensor[]) => {
          const rest = [...given];
          return layers.reduce((h, { kernel, stride, pad, bias, after }) => {
            // A window must fit: small images are left as they are.
            const [, height, width] = h.shape as [number, number, number];
            const fits = pad === 'same' || (height >= kernel[0] && width >= kernel[1]);
            const convolved = conv(h, rest.shift() as tf.Tensor, stride, fits ? pad : 'same');
            const sum = bias ? tf.add(convolved, rest.shift() as tf.Tensor) : convolved;
            return after.reduce((y, op) => (Math.min(...y.shape.slice(1, 3)) < 2 ? tf.relu(y) : apply(y, op)), sum);
          }, x);
        };
        await check('network', { f, x: [numbers([batch, ...size, channels]), ...weights] });
      }),
      { numRuns: 20, seed: 7 },
    );
  });
});

it('says what was chosen', () => {
  expect(engine.describe().nchwc).toMatch(/^(block (8|16)|not available)$/);
});
