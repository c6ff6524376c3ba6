import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import {
  checkManifest,
  evaluate,
  fileSample,
  openPredictor,
  silentLogger,
  train,
  type Host,
  type Prediction,
} from '@kindred/core/host';
import {
  createRandom,
  defineBackbone,
  defineEngine,
  definePlugin,
  float32,
  isKindredError,
  type BackboneModel,
  type Engine,
} from '@kindred/core';
import { createEagerEngine } from '@kindred/core/testing';
import { createOnnxEngine } from '@kindred/engines';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { testHost } from './support/host.js';
import { createProject, MANIFEST, type Project } from './support/project.js';

const IMAGES = 60;

/** A frozen convolutional backbone that needs no download: drawn weights, two layers, the mean over the image. */
function drawnBackbone(trainable: boolean): BackboneModel {
  const random = createRandom(1);
  const draw = (shape: readonly number[], scale: number) => ({
    value: float32(
      shape,
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() * scale),
    ),
  });
  const weights = { a: draw([3, 3, 3, 8], 0.3), b: draw([3, 3, 8, 24], 0.2) };
  return {
    input: { width: 12, height: 12, channels: 3, resize: 'stretch' },
    features: 24,
    trainable,
    fingerprint: 'drawn-1',
    network: {
      init: () => weights,
      forward(values, x) {
        const image = tf.sub(tf.div(tf.cast(x as tf.Tensor4D, 'float32'), 127.5), 1);
        const a = tf.relu(tf.conv2d(image as tf.Tensor4D, values['a'] as tf.Tensor4D, 1, 'same'));
        return tf.mean(tf.relu(tf.conv2d(a, values['b'] as tf.Tensor4D, 2, 'same')), [1, 2]);
      },
    },
  };
}

const none = z.strictObject({});
const drawn = defineBackbone({
  name: 'drawn',
  version: 1,
  summary: 'Drawn convolutions.',
  options: none,
  create: () => Promise.resolve(drawnBackbone(false)),
});
/** One whose author did not say in its tags that it learns. */
const secretly = defineBackbone({
  name: 'secretly-learning',
  version: 1,
  summary: 'Convolutions that learn.',
  options: none,
  create: () => Promise.resolve(drawnBackbone(true)),
});

let calibrations = 0;
/** The onnx engine, but counting calibrations. */
function counting(engine: Engine): Engine {
  const { int8 } = engine;
  if (!int8) throw new Error('the engine onnx computes in 8 bits');
  return {
    ...engine,
    int8: {
      ...int8,
      calibrate(...args) {
        calibrations++;
        return int8.calibrate(...args);
      },
    },
  };
}
const engine = (name: string, create: () => Engine) =>
  defineEngine({
    name,
    version: 1,
    summary: 'For tests.',
    options: none,
    create: () => Promise.resolve(create()),
  });
const engines = definePlugin({
  name: '@kindred/engines',
  apiVersion: 1,
  components: [engine('onnx', () => counting(createOnnxEngine({ workers: 1 }))), engine('eager', createEagerEngine)],
});

let project: Project;
let host: Host;
let messages: string[] = [];

beforeAll(async () => {
  project = await createProject(IMAGES);
  const log = { ...silentLogger, info: (_: object, message: string) => void messages.push(message) };
  host = {
    ...testHost(project.path('cache'), {
      '@kindred/engines': engines,
      drawn: definePlugin({ name: 'drawn', apiVersion: 1, components: [drawn, secretly] }),
    }),
    log,
  };
});
afterAll(() => project.remove());

const INT8 = { use: 'drawn', precision: 'int8', calibrationImages: 16 };

async function trainWith(out: string, backbone: object, changes: object = {}, on = host) {
  const training = { epochs: 5, batchSize: 8 };
  const plugins = [...MANIFEST.plugins, 'drawn'];
  await project.write('int8.json', JSON.stringify({ ...MANIFEST, plugins, backbone, training, ...changes }));
  messages = [];
  return train(await checkManifest(project.path('int8.json'), on), { out: project.path('runs', out) }, on);
}

async function failure(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    if (isKindredError(error)) return error;
    throw error;
  }
  return expect.fail('expected an error');
}

async function scores(bundle: string, count: number, on = host): Promise<number[]> {
  const predictor = await openPredictor(bundle, on);
  try {
    const all: Prediction[] = [];
    const files = Array.from({ length: count }, (_, i) => fileSample(project.path('images', `${i}.png`)));
    for await (const prediction of predictor.predict(files)) all.push(prediction);
    return all.flatMap((prediction) => {
      const main = 'branches' in prediction ? prediction.branches['main'] : undefined;
      return main?.kind === 'labels' ? main.labels.map(({ score }) => score) : [];
    });
  } finally {
    await predictor.dispose();
  }
}

const json = async (bundle: string, name: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(path.join(bundle, name), 'utf8')) as Record<string, unknown>;

describe('a pipeline whose backbone runs in 8 bits', () => {
  it('is calibrated once on training images, and tells its drift in result, lock and metrics', async () => {
    const float = await trainWith('float', { use: 'drawn' });
    expect([float.precision, calibrations]).toEqual([undefined, 0]);

    const first = await trainWith('first', INT8);
    // No feature of float32 is taken for one in 8 bits.
    expect(first.features).toEqual({ fromStore: 0, computed: IMAGES });
    expect(calibrations).toBe(1);
    expect(messages).toContain('calibrated the backbone for int8');
    const drift = first.precision?.drift;
    expect(drift).toMatchObject({ images: first.data.validation + first.data.test, heldOut: true });
    // Two layers that round to 1/255 of their range each.
    expect(drift?.minCosine).toBeGreaterThan(0.99);
    expect(drift?.meanCosine).toBeLessThan(1);
    expect((await json(first.bundle, 'lock.json'))['precision']).toEqual(first.precision);
    expect((await json(first.bundle, 'metrics.json'))['precision']).toEqual(first.precision);

    const second = await trainWith('second', INT8);
    expect([calibrations, second.features]).toEqual([1, { fromStore: IMAGES, computed: 0 }]);
    expect(messages).toContain('read the calibration for int8 from the cache');
    expect(await readFile(path.join(second.bundle, 'lock.json'))).toEqual(
      await readFile(path.join(first.bundle, 'lock.json')),
    );
  });

  it('computes features anew with another calibration: they are others', async () => {
    const before = calibrations;
    const other = await trainWith('fewer', { ...INT8, calibrationImages: 4 });
    expect([calibrations - before, other.features?.computed]).toEqual([1, IMAGES]);
  });

  it('predicts and evaluates with the ranges of its bundle, on a machine that never calibrated, too', async () => {
    const { bundle, evaluations } = await trainWith('kept', INT8);
    const before = calibrations;
    const elsewhere = { ...host, cacheDir: project.path('another-cache') };
    const here = await scores(bundle, 11);
    expect(await scores(bundle, 11, elsewhere)).toEqual(here);
    // Alone, in a smaller batch.
    expect((await scores(bundle, 1)).slice(0, 2)).toEqual(here.slice(0, 2));
    expect((await evaluate(bundle, {}, elsewhere)).evaluations).toEqual(evaluations);
    expect(calibrations).toBe(before);
  });

  it('needs no held-out images to be compared, but says that there were none', async () => {
    const data = { ...MANIFEST.data, split: { validation: 0, test: 0 } };
    const result = await trainWith('all', INT8, { data });
    expect(result.precision?.drift).toMatchObject({ images: IMAGES, heldOut: false });
  });

  it('leaves unreadable images out before it draws those to calibrate on', async () => {
    const csv = await readFile(project.path('shapes.csv'), 'utf8');
    // A header and no pixels: that is known once it is decoded.
    const whole = await readFile(project.path('images', '0.png'));
    await project.write('images/broken.png', whole.subarray(0, 60));
    await project.write('with-broken.csv', `${csv}broken,1,0\n`);
    const data = { ...MANIFEST.data, path: 'with-broken.csv', onError: 'skip' };
    const result = await trainWith('skipping', INT8, { data });
    expect(result.data.skipped.map(({ id }) => id)).toEqual(['broken']);
    expect(result.precision?.drift.heldOut).toBe(true);
  });
});

describe('training is refused', () => {
  it('where features drift further than the manifest allows, with what was measured', async () => {
    const error = await failure(trainWith('drifting', { ...INT8, maxDrift: 0 }));
    expect(error).toMatchObject({ code: 'KINDRED_PRECISION_DRIFT', path: 'backbone.maxDrift' });
    expect(error.message).toMatch(/1 - mean cosine at most 0\. Got 0\.\d{4} on \d+ images \(lowest cosine 0\.99\d+\)/);
    expect(await project.list()).not.toContain('runs/drifting');
  });

  it('on an engine that computes in float32 alone, before any image is read', async () => {
    const error = await failure(trainWith('eager', INT8, { engine: 'eager' }));
    expect(error).toMatchObject({ code: 'KINDRED_ENGINE_PRECISION', path: 'backbone.precision' });
    expect(error.message).toMatch(/The engine eager computes in float32 alone/);
  });

  it('for a backbone that is trained: told by the check where its tags say so, else once it is made', async () => {
    const told = await failure(trainWith('small', { use: 'small-cnn', precision: 'int8' }));
    expect(told.code).toBe('KINDRED_MANIFEST_INVALID');
    const late = await failure(trainWith('secret', { use: 'secretly-learning', precision: 'int8' }));
    expect(late).toMatchObject({ code: 'KINDRED_MANIFEST_VALUE', path: 'backbone.precision' });
  });
});

it('a bundle whose calibration was taken out is refused', async () => {
  const { bundle } = await trainWith('robbed', INT8);
  const { createHash } = await import('node:crypto');
  const state = await json(bundle, 'state/pipeline.json');
  delete state['calibration'];
  const text = JSON.stringify(state);
  await writeFile(path.join(bundle, 'state/pipeline.json'), text);
  const lock = await json(bundle, 'lock.json');
  const sha256 = createHash('sha256').update(text).digest('hex');
  Object.assign(lock['files'] as object, { 'state/pipeline.json': { bytes: text.length, sha256 } });
  await writeFile(path.join(bundle, 'lock.json'), JSON.stringify(lock));
  expect((await failure(openPredictor(bundle, host))).code).toBe('KINDRED_BUNDLE_INVALID');
});
