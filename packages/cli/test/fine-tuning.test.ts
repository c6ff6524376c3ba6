import { mkdir, readFile } from 'node:fs/promises';

import type { MultiLabelEvaluation } from '@kindred/core';
import {
  checkManifest,
  evaluate,
  fileSample,
  openPredictor,
  train,
  type Host,
  type Prediction,
} from '@kindred/core/host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { testHost } from './support/host.js';
import { createProject, MANIFEST, type Project } from './support/project.js';
import { smallResidual } from './support/small-residual.js';

const IMAGES = 40;
const FROM_BLOCK = 'from:branch2a';

let project: Project;
/** What progress told of, as `name count`. */
let told: string[];
let runs = 0;

beforeAll(async () => {
  project = await createProject(IMAGES);
  await mkdir(project.path('small'));
  for (const [name, content] of Object.entries(smallResidual())) await project.write(`small/${name}`, content);
});
afterAll(() => project.remove());

function host(cache: string): Host {
  told = [];
  const start: Host['progress']['start'] = ({ name }) => {
    let count = 0;
    return { advance: (more) => (count += more), end: () => told.push(`${name} ${count}`) };
  };
  return { ...testHost(project.path(cache)), progress: { start } };
}

interface Run {
  readonly cache?: string;
  readonly backbone?: Record<string, unknown>;
  readonly training?: Record<string, unknown>;
}

async function fineTune({ cache = 'cache', backbone, training }: Run = {}) {
  const manifest = {
    ...MANIFEST,
    backbone: { use: 'resnet50', weights: 'small', size: 64, trainable: FROM_BLOCK, ...backbone },
    head: { use: 'multi-label', hidden: [], dropout: 0 },
    training: { epochs: 3, batchSize: 8, optimizer: { use: 'adam', learningRate: 0.02 }, ...training },
  };
  await project.write('fine.json', JSON.stringify(manifest));
  const own = host(cache);
  return train(await checkManifest(project.path('fine.json'), own), { out: project.path('runs', `${runs++}`) }, own);
}

const stateOf = (bundle: string) => readFile(`${bundle}/state/pipeline.safetensors`);

/** The arrays of a safetensors file, as bytes. */
async function arraysOf(bundle: string): Promise<Record<string, Buffer>> {
  const bytes = await stateOf(bundle);
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const { __metadata__: _, ...arrays } = header;
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { data_offsets }]) => [
      name,
      bytes.subarray(8 + length + data_offsets[0], 8 + length + data_offsets[1]),
    ]),
  );
}

/** The weights that were given, as bytes. */
function givenWeights(): Record<string, Buffer> {
  const files = smallResidual();
  const shard = Buffer.from(files['shard.bin'] as Uint8Array);
  const { weightsManifest } = JSON.parse(files['model.json'] as string) as {
    weightsManifest: [{ weights: { name: string; shape: number[] }[] }];
  };
  let at = 0;
  return Object.fromEntries(
    weightsManifest[0].weights.map(({ name, shape }) => {
      const start = at;
      at += 4 * shape.reduce((product, side) => product * side, 1);
      return [name, shard.subarray(start, at)];
    }),
  );
}

async function scoresOf(bundle: string, file: string): Promise<number[]> {
  const predictor = await openPredictor(bundle, host('cache'));
  try {
    const all: Prediction[] = [];
    for await (const prediction of predictor.predict([fileSample(file)])) all.push(prediction);
    const [prediction] = all;
    if (!prediction || 'error' in prediction) throw new Error('the image must be readable');
    const branch = prediction.branches['main'];
    if (branch?.kind !== 'labels') throw new Error('the branch must give labels');
    return branch.labels.toSorted((a, b) => a.label.localeCompare(b.label)).map(({ score }) => score);
  } finally {
    await predictor.dispose();
  }
}

describe('fine-tuning from a layer on', () => {
  it('computes the frozen layers once for each image, reads them in every epoch, and never again in later runs', async () => {
    const first = await fineTune({ cache: 'once' });
    expect(first.features).toEqual({ fromStore: 0, computed: IMAGES });
    const stem = `computing the frozen layers of resnet50 ${IMAGES}`;
    expect(told.filter((line) => line.includes('frozen'))).toEqual([stem]);
    const parts = first.data;
    expect(told).toContain(`train main ${3 * parts.train}`);

    const second = await fineTune({ cache: 'once' });
    expect(second.features).toEqual({ fromStore: IMAGES, computed: 0 });
    expect(told.filter((line) => line.includes('frozen'))).toEqual([]);
    // Computed now or read again: the same bytes.
    expect(await stateOf(second.bundle)).toEqual(await stateOf(first.bundle));
    expect(second.history).toEqual(first.history);
  });

  it('learns, and saves what it trained without the frozen layers', async () => {
    const { bundle, history, evaluations } = await fineTune({ training: { epochs: 40 } });
    const losses = history['main']?.map(({ loss }) => loss) ?? [];
    expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] ?? NaN));
    const { labels } = evaluations['main'] as MultiLabelEvaluation;
    const red = labels.find(({ label }) => label === 'red');
    expect(red?.averagePrecision).toBeGreaterThan(0.9);

    const names = Object.keys(await arraysOf(bundle)).filter((name) => name.startsWith('backbone'));
    expect(names.some((name) => name.includes('branch2a/kernel'))).toBe(true);
    expect(names.filter((name) => name.includes('conv1'))).toEqual([]);
  });

  it('evaluates and predicts from the bundle what training measured', async () => {
    const { bundle, evaluations } = await fineTune();
    const again = await evaluate(bundle, {}, host('cache'));
    const [trained, loaded] = [evaluations, again.evaluations].map((all) => all['main'] as MultiLabelEvaluation);
    for (const [i, { averagePrecision }] of (trained?.labels ?? []).entries())
      expect(loaded?.labels[i]?.averagePrecision).toBeCloseTo(averagePrecision ?? NaN, 6);
    // Another run from the same seed answers the same, its own weights read from its own bundle.
    const other = await fineTune();
    const image = project.path('images', '3.png');
    expect(await scoresOf(other.bundle, image)).toEqual(await scoresOf(bundle, image));
  });

  it('leaves frozen weights as they were, bit for bit, those after the cut too', async () => {
    const given = givenWeights();
    const { bundle } = await fineTune({ backbone: { trainable: 'from:branch2b' } });
    const arrays = await arraysOf(bundle);
    const frozen = ['branch2a/kernel', 'bn_branch2a/gamma', 'bn_branch2a/moving_mean', 'bn_branch2a/moving_variance'];
    for (const [name, same] of [
      ...frozen.map((weight) => [weight, true] as const),
      ['branch2b/kernel', false],
    ] as const) {
      const saved = Object.keys(arrays).find((key) => key.startsWith('backbone') && key.endsWith(name));
      expect(arrays[saved ?? '']?.equals(given[name] as Buffer), name).toBe(same);
    }
  });

  it.each([
    ['frozen', true],
    ['train', false],
  ])('with "batchNorm": "%s" leaves moving averages of trained layers as they were: %s', async (batchNorm, same) => {
    const { bundle } = await fineTune({ backbone: { batchNorm } });
    const arrays = await arraysOf(bundle);
    const saved = Object.keys(arrays).find((key) => key.endsWith('bn_branch2a/moving_mean')) ?? '';
    expect(arrays[saved]?.equals(givenWeights()['bn_branch2a/moving_mean'] as Buffer)).toBe(same);
  });

  it('runs frozen layers on the changed images of every step where images are augmented', async () => {
    const augmented = { training: { augmentation: ['horizontal-flip'] } };
    const first = await fineTune(augmented);
    expect(first.features).toBeUndefined();
    expect(told.filter((line) => line.includes('frozen'))).toEqual([]);
    expect(told).toContain(`checking images ${IMAGES}`);
    expect(await stateOf((await fineTune(augmented)).bundle)).toEqual(await stateOf(first.bundle));
    const plain = await fineTune();
    expect(await stateOf(plain.bundle)).not.toEqual(await stateOf(first.bundle));
  });

  it('trains all layers from images, without a store', async () => {
    const { bundle, features } = await fineTune({ backbone: { trainable: 'all' }, training: { epochs: 1 } });
    expect(features).toBeUndefined();
    expect(Object.keys(await arraysOf(bundle)).some((name) => name.includes('conv1/kernel'))).toBe(true);
  });

  it('takes fewer images than a batch holds, as one smaller batch', async () => {
    const { history, data } = await fineTune({ training: { batchSize: 64 } });
    expect(data.train).toBeLessThan(64);
    expect(history['main']).toHaveLength(3);
  });
});

describe('fine-tuning refuses', () => {
  it('a layer that does not exist, naming the nearest', async () => {
    await expect(fineTune({ backbone: { trainable: 'from:branch2c' } })).rejects.toMatchObject({
      code: 'KINDRED_BACKBONE_TAP',
      hint: 'Did you mean "branch2a"?',
    });
  });

  it('8 bits: weights that are trained are not constants', async () => {
    await expect(fineTune({ backbone: { precision: 'int8' } })).rejects.toMatchObject({
      code: 'KINDRED_MANIFEST_VALUE',
      path: 'backbone.precision',
    });
  });
});
