import { createRandom, prepareTfGradients, sizeOf, type ImageSpec, type Mode, type Weights } from '@kindred/core';
import { backboneChecks, createTestContext } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';

import type { LayerInput } from './layer-options.js';
import { architectureOf, smallCnnOptions } from './options.js';
import { smallCnn } from './small-cnn.js';
import { smallNetwork } from './small-network.js';

const inference: Mode = { training: false, dropout: (x) => x, update: () => undefined };
const input = (width: number, height = width, channels: 1 | 3 = 3): ImageSpec => ({
  width,
  height,
  channels,
  resize: 'stretch',
});
const create = (options: z.input<typeof smallCnnOptions>) =>
  smallCnn.create(smallCnnOptions.parse(options), createTestContext());
const network = (spec: ImageSpec, layers: LayerInput[]) =>
  smallNetwork(spec, architectureOf(smallCnnOptions.parse({ layers })).layers);
const tensors = (weights: Weights): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(weights).map(([name, { value }]) => [name, tf.tensor(value.data, [...value.shape])]),
  );
const pixels = (shape: [number, number, number, number]): tf.Tensor =>
  tf.randomUniform(shape, 0, 256, 'float32', 3).toInt();

beforeAll(prepareTfGradients);

describe('small-cnn keeps the contract of backbones', () => {
  const layers: LayerInput[] = [
    { conv: 4, kernel: 3, strides: 2, activation: 'linear' },
    { batchNorm: true },
    { pool: 2, kind: 'average' },
    { dropout: 0.25 },
    { conv: 6, kernel: 3, padding: 'valid' },
    { flatten: true },
    { dense: 7, activation: 'tanh' },
  ];
  it.each(backboneChecks)('$name', ({ run }) => run(smallCnn, { input: { width: 20, height: 16 }, layers }));
});

describe('the presets of small-cnn', () => {
  it.each<[z.input<typeof smallCnnOptions>, ImageSpec, number, number]>([
    // Parameters counted by Keras' rule: kernel x kernel x in x out + out for each conv, in x out + out for each dense.
    [
      {},
      { width: 64, height: 64, channels: 3, resize: 'contain' },
      64,
      27 * 16 + 16 + (144 * 32 + 32) + (288 * 64 + 64) + (576 * 64 + 64) + (64 * 64 + 64),
    ],
    [
      // 400 -> 396 -> 198 -> 194 -> 97 -> 93 -> 46 -> 42 -> 21
      { preset: 'poster' },
      { width: 400, height: 400, channels: 3, resize: 'stretch' },
      64,
      75 * 16 +
        16 +
        (400 * 32 + 32) +
        (800 * 64 + 64) +
        (1600 * 64 + 64) +
        (21 * 21 * 64 * 128 + 128) +
        (128 * 64 + 64),
    ],
    [
      // 200 -> 198 -> 99 -> 97 -> 48 -> 46 -> 23
      { preset: 'binary' },
      { width: 200, height: 200, channels: 3, resize: 'stretch' },
      64,
      27 * 32 + 32 + (288 * 32 + 32) + (288 * 64 + 64) + (23 * 23 * 64 * 64 + 64),
    ],
    [
      // 112 -> 110 -> 55 -> 53 -> 26 -> 24 -> 12
      { preset: 'siamese' },
      { width: 112, height: 112, channels: 1, resize: 'stretch' },
      50,
      9 * 16 + 16 + (144 * 32 + 32) + (288 * 16 + 16) + (12 * 12 * 16 * 128 + 128) + (128 * 50 + 50),
    ],
  ])('%o have the sizes that Keras would give them', async (options, spec, features, parameters) => {
    const model = await create(options);
    expect({ input: model.input, features: model.features }).toEqual({ input: spec, features });
    const weights = model.network.init(createRandom(1));
    expect(Object.values(weights).reduce((sum, { value }) => sum + sizeOf(value.shape), 0)).toBe(parameters);
  });

  it('take another input size, colour and fit', async () => {
    const {
      input: given,
      network: net,
      features,
    } = await create({
      preset: 'poster',
      input: { width: 80, height: 90, channels: 1, resize: 'cover' },
    });
    expect(given).toEqual({ width: 80, height: 90, channels: 1, resize: 'cover' });
    const y = net.forward(tensors(net.init(createRandom(1))), pixels([1, 90, 80, 1]), inference);
    expect(y.shape).toEqual([1, features]);
  });

  it('refuse an input that is too small for them, naming the layer and the pixels left', async () => {
    await expect(create({ preset: 'poster', input: { width: 60, height: 60 } })).rejects.toMatchObject({
      code: 'KINDRED_BACKBONE_LAYERS',
      path: 'layers.9',
      message:
        'In the layers of small-cnn a kernel of 5 must fit into the 4x4 pixels that are left. ' +
        'At layers.9 the activations have the shape [4, 4, 64].',
    });
  });
});

describe('the layers of small-cnn', () => {
  it.each<[string, LayerInput[], () => tfl.layers.Layer[]]>([
    [
      'strided and padded convolutions and pools of odd sizes',
      [
        { conv: 4, kernel: 4, strides: 3 },
        { pool: 2 },
        { conv: 3, kernel: 2, padding: 'valid', activation: 'elu' },
        { flatten: true },
      ],
      () => [
        tfl.layers.conv2d({
          filters: 4,
          kernelSize: 4,
          strides: 3,
          padding: 'same',
          activation: 'relu',
          inputShape: [23, 29, 3],
        }),
        tfl.layers.maxPooling2d({ poolSize: 2 }),
        tfl.layers.conv2d({ filters: 3, kernelSize: 2, activation: 'elu' }),
        tfl.layers.flatten(),
      ],
    ],
    [
      'batch normalization, average pools and dense layers',
      [
        { conv: 4, kernel: 5, activation: 'sigmoid' },
        { batchNorm: true, epsilon: 0.01 },
        { pool: 3, kind: 'average' },
        { globalAveragePool: true },
        { batchNorm: true },
        { dense: 6, activation: 'tanh' },
        { dropout: 0.5 },
        { dense: 2, activation: 'linear' },
      ],
      () => [
        tfl.layers.conv2d({
          filters: 4,
          kernelSize: 5,
          padding: 'same',
          activation: 'sigmoid',
          inputShape: [23, 29, 3],
        }),
        tfl.layers.batchNormalization({ epsilon: 0.01 }),
        tfl.layers.averagePooling2d({ poolSize: 3 }),
        tfl.layers.globalAveragePooling2d({}),
        tfl.layers.batchNormalization(),
        tfl.layers.dense({ units: 6, activation: 'tanh' }),
        tfl.layers.dropout({ rate: 0.5 }),
        tfl.layers.dense({ units: 2 }),
      ],
    ],
  ])('equal those of tfjs-layers: %s', (_case, layers, reference) => {
    const { network: net, features } = network(input(29, 23), layers);
    const initial = net.init(createRandom(1));
    // Random statistics as well, or a batch normalization would do nothing.
    const weights = Object.fromEntries(
      Object.entries(tensors(initial)).map(([name, value], i) => [
        name,
        name.startsWith('batchNorm') ? tf.randomUniform(value.shape, 0.5, 1.5, 'float32', i) : value,
      ]),
    );
    const model = tfl.sequential({ layers: reference() });
    // Both count weights from the first layer on, but tfjs' list puts all trainable ones first.
    const names = Object.keys(weights);
    const order = [
      ...names.filter((name) => initial[name]?.trainable !== false),
      ...names.filter((name) => initial[name]?.trainable === false),
    ];
    model.setWeights(order.map((name) => weights[name] as tf.Tensor));

    const x = pixels([2, 23, 29, 3]);
    const actual = net.forward(weights, x, inference);
    const expected = model.predict(tf.div(x.toFloat(), 255)) as tf.Tensor;
    expect(actual.shape).toEqual([2, features]);
    expect(actual.shape).toEqual(expected.shape);
    // tfjs-layers fuses bias and activation into the convolution: other rounding, nothing else.
    expect(tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0]).toBeLessThan(1e-5);
  });

  it('have gradients that finite differences in a random direction confirm, through batch statistics too', () => {
    const { network: net } = network(input(12), [
      { conv: 4, kernel: 3, activation: 'tanh' },
      { batchNorm: true },
      { pool: 2, kind: 'average' },
      { conv: 5, kernel: 3, strides: 2, activation: 'sigmoid' },
      { flatten: true },
      { dense: 3, activation: 'elu' },
    ]);
    const initial = net.init(createRandom(2));
    const weights = tensors(initial);
    const trained = Object.keys(initial).filter((name) => initial[name]?.trainable !== false);
    const x = pixels([3, 12, 12, 3]);
    const loss = (of: Record<string, tf.Tensor>): tf.Scalar =>
      tf.sum(tf.square(net.forward(of, x, { ...inference, training: true })));

    const gradients = tf.grads((...values: tf.Tensor[]) =>
      loss({ ...weights, ...Object.fromEntries(trained.map((name, i) => [name, values[i] as tf.Tensor])) }),
    )(trained.map((name) => weights[name] as tf.Tensor));
    const random = createRandom(4);
    const direction = trained.map((name) => {
      const { shape } = weights[name] as tf.Tensor;
      return tf.tensor(
        Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
        shape,
      );
    });
    const slope = direction.reduce((sum, d, i) => sum + tf.sum(tf.mul(d, gradients[i] as tf.Tensor)).dataSync()[0]!, 0);
    const moved = (step: number): number =>
      loss({
        ...weights,
        ...Object.fromEntries(
          trained.map((name, i) => [name, tf.add(weights[name] as tf.Tensor, tf.mul(direction[i] as tf.Tensor, step))]),
        ),
      }).dataSync()[0]!;
    // Step 1e-3 of smooth activations: the cubic term is about 1e-6 of the slope, float32's rounding about 1e-3.
    expect((moved(1e-3) - moved(-1e-3)) / 2e-3 / slope).toBeCloseTo(1, 2);
  });

  it('move the averages of a batch normalization as Keras does, and normalize by the batch in training', () => {
    const { network: net } = network(input(4), [
      { globalAveragePool: true },
      { batchNorm: true, momentum: 0.9, epsilon: 1e-6 },
    ]);
    const weights = tensors(net.init(createRandom(1)));
    const x = pixels([5, 4, 4, 3]);
    const updates: Record<string, Float32Array> = {};
    const y = net.forward(weights, x, {
      ...inference,
      training: true,
      update: (name, value) => void (updates[name] = value.dataSync<'float32'>().slice()),
    });
    const { mean, variance } = tf.moments(tf.mean(tf.div(x.toFloat(), 255), [1, 2]), 0);
    const expected = (average: tf.Tensor, old: number): number[] =>
      [...average.dataSync()].map((v) => 0.9 * old + 0.1 * v);
    expected(mean, 0).forEach((value, i) => expect(updates['batchNorm1.movingMean']![i]).toBeCloseTo(value, 6));
    expected(variance, 1).forEach((value, i) => expect(updates['batchNorm1.movingVariance']![i]).toBeCloseTo(value, 6));
    const normalized = tf.moments(y, 0);
    expect(tf.max(tf.abs(normalized.mean)).dataSync()[0]).toBeLessThan(1e-4);
  });

  it('draw dropout through mode.dropout, with their rate', () => {
    const rates: number[] = [];
    const { network: net } = network(input(4), [{ dropout: 0.25 }, { flatten: true }, { dropout: 0.5 }]);
    net.forward({}, pixels([1, 4, 4, 3]), { ...inference, dropout: (x, rate) => (rates.push(rate), x) });
    expect(rates).toEqual([0.25, 0.5]);
  });

  it.each<[string, 'relu' | 'tanh', number]>([
    ['He: 2 / (kernel x kernel x in) before a rectifier', 'relu', 2 / (25 * 16)],
    ['Glorot: 2 / (kernel x kernel x (in + out)) before others', 'tanh', 2 / (25 * (16 + 64))],
  ])('start with the variance of %s', (_name, activation, variance) => {
    const { network: net } = network(input(8), [
      { conv: 16 },
      { conv: 64, kernel: 5, activation },
      { globalAveragePool: true },
    ]);
    const weights = net.init(createRandom(9));
    const { data } = weights['conv2.kernel']!.value;
    const measured = data.reduce((sum, value) => sum + value ** 2, 0) / data.length;
    // 25,600 uniform values: the standard error of their variance is 0.56 %; five of them.
    expect(Math.abs(measured / variance - 1)).toBeLessThan(0.028);
    expect(weights['conv2.bias']!.value.data.every((value) => value === 0)).toBe(true);
  });

  it('start with values that do not depend on the other layers', () => {
    const one = network(input(8), [{ conv: 4 }, { flatten: true }, { dense: 3 }]).network.init(createRandom(5));
    const other = network(input(8), [{ conv: 4 }, { conv: 2 }, { flatten: true }, { dense: 9 }]).network.init(
      createRandom(5),
    );
    expect(other['conv1.kernel']).toEqual(one['conv1.kernel']);
  });
});

describe('layers that do not fit', () => {
  it.each<[string, LayerInput[], string, RegExp]>([
    ['a pool of what is smaller', [{ pool: 8 }, { pool: 2 }, { flatten: true }], 'layers.1', /less than 1 pixel/],
    [
      'a kernel larger than the image',
      [{ conv: 1, kernel: 9, padding: 'valid' }, { flatten: true }],
      'layers.0',
      /kernel of 9 must fit into the 8x8 pixels/,
    ],
    ['dense on pixels', [{ conv: 4 }, { dense: 3 }], 'layers.1', /after the activations are flat/],
    ['conv after dense', [{ flatten: true }, { dense: 3 }, { conv: 4 }], 'layers.2', /conv layer must come before/],
    ['pool after flatten', [{ flatten: true }, { pool: 2 }], 'layers.1', /pool layer must come before/],
    [
      'averaging twice',
      [{ globalAveragePool: true }, { globalAveragePool: true }],
      'layers.1',
      /globalAveragePool layer must come before/,
    ],
    ['an end with height and width', [{ conv: 4 }], 'layers.0', /last layer must give a flat feature/],
  ])('are refused: %s', async (_case, layers, path, message) => {
    await expect(create({ input: { width: 8, height: 8 }, layers })).rejects.toMatchObject({
      code: 'KINDRED_BACKBONE_LAYERS',
      path,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    [{ preset: 'huge' }, ['preset']],
    [{ layers: [] }, ['layers']],
    [{ layers: [{ convolution: 3 }] }, ['layers', 0]],
    [{ layers: [{ dropout: 1 }] }, ['layers', 0, 'dropout']],
    [{ input: { width: 0 } }, ['input', 'width']],
    [{ depth: 3 }, []],
  ])('are refused by the schema: %j', (options, path) => {
    expect(smallCnnOptions.safeParse(options).error?.issues[0]?.path).toEqual(path);
  });

  it('are told which kinds there are', () => {
    expect(smallCnnOptions.safeParse({ layers: [{ convolution: 3 }] }).error?.issues[0]?.message).toMatch(
      /^a layer must be one of \{ conv,/,
    );
  });
});
