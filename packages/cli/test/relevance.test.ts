import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import type { OneClassEvaluation } from '@kindred/core';
import {
  checkManifest,
  evaluate,
  fileSample,
  openPredictor,
  train,
  type Host,
  type Prediction,
  type TrainResult,
} from '@kindred/core/host';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { columns } from './support/columns.js';
import { pluginOf, testHost } from './support/host.js';
import { createProject, MANIFEST, type Project } from './support/project.js';

const IMAGES = 60;
const OTHERS = 30;

let project: Project;
let host: Host;

/** Stripes: nothing that the pipeline learns. */
const stripes = (index: number) => {
  const bars = Array.from({ length: 6 }, (_, i) => `<rect x="${i * 8}" width="4" height="48" fill="#0a0"/>`).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><rect width="48" height="48" fill="rgb(0,${index * 3},0)"/>${bars}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
};

beforeAll(async () => {
  project = await createProject(IMAGES);
  host = testHost(project.path('cache'), pluginOf(columns));
  await mkdir(project.path('others'));
  for (let i = 0; i < OTHERS; i++) await project.write(`others/${i}.png`, await stripes(i));
});
afterAll(() => project.remove());

type Json = Record<string, unknown>;
const NEGATIVES = { use: 'folder', path: 'others', labels: 'none' };
const SPECIES = {
  head: { use: 'multi-label', hidden: [{ units: 24, activation: 'elu', name: 'relevant' }], dropout: 0 },
};
const RELEVANCE = { from: 'species.relevant', head: { use: 'relevance', model: 'logistic' } };

const manifestWith = (changes: Json = {}, data: Json = {}) => {
  const { head: _, ...rest } = MANIFEST;
  return {
    ...rest,
    name: 'relevance',
    plugins: [...MANIFEST.plugins, 'columns'],
    backbone: 'columns',
    data: { ...MANIFEST.data, split: { validation: 0.2, test: 0.2 }, negatives: NEGATIVES, ...data },
    branches: { species: SPECIES, relevance: RELEVANCE },
    training: { epochs: 20, batchSize: 8 },
    ...changes,
  };
};

async function check(manifest: object) {
  await project.write('relevance.json', JSON.stringify(manifest));
  return checkManifest(project.path('relevance.json'), host);
}

async function trainWith(manifest: object, out: string, options: object = {}): Promise<TrainResult> {
  return train(await check(manifest), { out: project.path('runs', out), ...options }, host);
}

const errorOf = (body: Promise<unknown>) =>
  body.then(
    () => undefined,
    (error: { code: string; message: string; hint?: string; issues: { message: string; hint?: string }[] }) => error,
  );

async function predict(bundle: string, ...files: string[]) {
  const predictor = await openPredictor(bundle, host);
  try {
    const found: Extract<Prediction, { branches: unknown }>['branches'][] = [];
    for await (const prediction of predictor.predict(files.map((file) => fileSample(project.path(file))))) {
      if ('error' in prediction) throw prediction.error;
      found.push(prediction.branches);
    }
    return { found, stale: predictor.stale };
  } finally {
    await predictor.dispose();
  }
}

const auroc = ({ evaluations }: Pick<TrainResult, 'evaluations'>, branch = 'relevance') =>
  (evaluations[branch] as OneClassEvaluation).metrics.find(({ name }) => name === 'AUROC')?.value;

describe('a relevance branch', () => {
  let trained: TrainResult;
  beforeAll(async () => {
    trained = await trainWith(manifestWith(), 'whole');
  });

  it('learns from a layer of another head and images that do not belong, which nothing else sees', () => {
    expect(trained.data).toMatchObject({ labels: ['red', 'round'], others: { train: 18, validation: 6, test: 6 } });
    expect(auroc(trained)).toBe(1);
    expect(trained.evaluations['species']).toMatchObject({ kind: 'multi-label', samples: 12 });
  });

  it('says in one prediction what an image is and whether it is known at all', async () => {
    const { found, stale } = await predict(trained.bundle, 'images/0.png', 'others/3.png');
    expect(stale).toEqual([]);
    expect(found.map(({ relevance }) => relevance)).toMatchObject([
      { kind: 'novelty', normal: true, of: 'species' },
      { kind: 'novelty', normal: false, of: 'species' },
    ]);
    expect(found[0]?.['species']).toMatchObject({ kind: 'labels' });
  });

  it('shows how the layer that it reads answers images of each kind', async () => {
    const { layer, neurons, groups } = trained.activations?.['relevance'] ?? {};
    expect([layer, neurons]).toEqual(['species.relevant', 24]);
    expect(groups?.map(({ name, images }) => [name, images])).toEqual([
      ['training', 36],
      ['validation', 12],
      ['test', 12],
      ['negatives', 30],
    ]);
    for (const { active } of groups ?? []) expect(active.mean).toBeGreaterThan(0);
    const picture = path.join(trained.bundle, 'activations/relevance.png');
    // Rows of 4 pixels for 24 + 12 + 12 + 24 images, and 3 lines of 2 between them.
    expect(await sharp(picture).metadata()).toMatchObject({ format: 'png', width: 24, height: 4 * 72 + 6 });
    const metrics = JSON.parse(await readFile(path.join(trained.bundle, 'metrics.json'), 'utf8')) as TrainResult;
    expect(metrics.activations).toEqual(trained.activations);
  });

  it('is measured from its bundle as it was in training', async () => {
    expect((await evaluate(trained.bundle, {}, host)).evaluations).toEqual(trained.evaluations);
  });

  it('gives the same bundle again', async () => {
    const again = await trainWith(manifestWith(), 'again');
    expect(again.evaluations).toEqual(trained.evaluations);
    expect((await predict(again.bundle, 'images/5.png')).found).toEqual(
      (await predict(trained.bundle, 'images/5.png')).found,
    );
  });

  it('is stale once the head that it reads was trained alone, until it is trained again', async () => {
    const { bundle } = await trainWith(manifestWith(), 'stale');
    const changed = manifestWith({ training: { epochs: 3, batchSize: 8 } });
    const result = await trainWith(changed, 'stale', { branches: ['species'] });
    expect(result.notes.join()).toMatch(/The branch 'relevance' is stale.*kindred train MANIFEST --branch relevance/);
    expect((await predict(bundle, 'images/0.png')).stale).toEqual(['relevance']);
    const mended = await trainWith(changed, 'stale', { branches: ['relevance'] });
    expect(mended.notes.join()).not.toContain('stale');
    expect((await predict(bundle, 'images/0.png')).stale).toEqual([]);
    expect(auroc(mended)).toBeGreaterThan(0.9);
  });

  it('is trained alone only where the rest is as it was', async () => {
    await trainWith(manifestWith(), 'alone');
    const misspelt = await errorOf(trainWith(manifestWith(), 'alone', { branches: ['specis'] }));
    expect([misspelt?.code, misspelt?.hint]).toEqual(['KINDRED_USAGE', 'Did you mean "species"?']);
    const other = manifestWith({ seed: 4, branches: { species: { head: 'multi-label' }, relevance: RELEVANCE } });
    const changed = await errorOf(
      trainWith(
        { ...other, branches: { species: SPECIES, relevance: { ...RELEVANCE, thresholds: 'fixed' } } },
        'alone',
        { branches: ['species'] },
      ),
    );
    expect(changed?.message).toMatch(/Changed in .*alone: seed, branches\.relevance\.$/);
    const nothing = await errorOf(trainWith(manifestWith(), 'nothing', { branches: ['species'] }));
    expect(nothing?.code).toBe('KINDRED_BUNDLE_NOT_FOUND');
  });

  it('stands beside a detector, which never sees images that do not belong', async () => {
    const detector = { transforms: ['standard-scaler'], detector: { use: 'nearest-neighbours', neighbours: 3 } };
    const both = manifestWith({ branches: { species: SPECIES, relevance: RELEVANCE, novelty: detector } });
    const result = await trainWith(both, 'beside');
    expect(result.evaluations['novelty']).toMatchObject({ kind: 'one-class', normals: 12, others: 6 });
    const without = await trainWith(manifestWith({ branches: { species: SPECIES, novelty: detector } }), 'without');
    // Dealt to the held-out parts alone where nothing learns from them.
    expect(without.data.others).toEqual({ train: 0, validation: 15, test: 15, unused: 0 });
  });
});

describe('a relevance branch with mistakes', () => {
  const issues = async (manifest: object) =>
    (await errorOf(check(manifest)))?.issues.map(({ message, hint }) => [message.replace(/^.*?: /, ''), hint]);

  it('needs images that do not belong', async () => {
    const found = await issues(manifestWith({}, { negatives: undefined }));
    expect(found?.[0]?.[0]).toBe(
      '"branches.relevance.head": the head relevance learns from images that belong and from images that do not: the data must have both.',
    );
  });

  it('reads a layer that is there', async () => {
    const manifest = manifestWith({
      branches: { species: SPECIES, relevance: { ...RELEVANCE, from: 'species.relevnt' } },
    });
    const error = await errorOf(trainWith(manifest, 'tap'));
    expect([error?.code, error?.message, error?.hint]).toEqual([
      'KINDRED_BRANCH_TAP',
      `What is read of the branch 'species' must be a layer of its head that gives a row for each image. There is no layer "relevnt".`,
      'Did you mean "relevant"?',
    ]);
  });

  it('reads logits of a head that has them', async () => {
    const found = await issues(
      manifestWith({ branches: { species: SPECIES, relevance: { ...RELEVANCE, from: 'species.embedding' } } }),
    );
    expect(found).toEqual([
      [
        `"branches.relevance.from": the head multi-label of the branch 'species' gives logits. Got "species.embedding".`,
        'Write "species.logits".',
      ],
    ]);
  });

  it('refuses an image that both belongs and does not', async () => {
    await mkdir(project.path('mixed'));
    await copyFile(project.path('images/0.png'), project.path('mixed/copy.png'));
    const error = await errorOf(trainWith(manifestWith({}, { negatives: { ...NEGATIVES, path: 'mixed' } }), 'mixed'));
    expect([error?.code, error?.message]).toEqual([
      'KINDRED_DATA_NORMAL',
      'An image must be either normal or not. 0 and negatives:copy.png are byte for byte the same image, one of them normal.',
    ]);
  });
});

describe('a test dataset of its own', () => {
  const folders = (data: Json) =>
    manifestWith(
      { branches: { shapes: { head: 'multi-label' } }, training: { epochs: 1, batchSize: 8 } },
      { negatives: undefined, ...data },
    );
  const csv = (path: string) => ({
    use: 'csv',
    path,
    image: 'images/{id}.png',
    labels: { columns: 'one-hot', ignore: ['id'] },
  });

  it('takes the place of a share, and must not hold a training image', async () => {
    const rows = (ids: readonly number[]) =>
      ['id,red,round', ...ids.map((id) => `${id},${Number(id % 2 === 0)},${Number(id % 4 < 2)}`)].join('\n');
    await project.write('train.csv', rows(Array.from({ length: 40 }, (_, i) => i)));
    await project.write('test.csv', rows(Array.from({ length: 20 }, (_, i) => 40 + i)));
    const result = await trainWith(
      folders({ path: 'train.csv', test: csv('test.csv'), split: { validation: 0.2, test: 0.5 } }),
      'own',
    );
    expect(result.data).toMatchObject({ train: 32, validation: 8, test: 20 });
    expect((await evaluate(result.bundle, {}, host)).evaluations).toEqual(result.evaluations);

    await project.write('leak.csv', rows([50, 51, 3]));
    const error = await errorOf(trainWith(folders({ path: 'train.csv', test: csv('leak.csv') }), 'leak'));
    expect([error?.code, error?.message]).toEqual([
      'KINDRED_DATA_ACROSS_PARTS',
      expect.stringMatching(
        /images\/3\.png \(main\) and .*images\/3\.png \(test\) are byte for byte the same image\.$/,
      ),
    ]);
  });

  it('must not have labels that were never learned', async () => {
    await project.write('odd.csv', 'id,red,square\n50,1,1\n');
    const error = await errorOf(trainWith(folders({ test: csv('odd.csv') }), 'odd'));
    expect([error?.code, error?.message]).toEqual([
      'KINDRED_DATA_LABEL',
      'A label must be one of the 2 known labels. Got "square" for sample test:50.',
    ]);
  });
});
