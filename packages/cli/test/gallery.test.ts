import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { VerificationEvaluation } from '@kindred/core';
import {
  addToGallery,
  checkManifest,
  evaluate,
  fileSample,
  listGallery,
  openPredictor,
  removeFromGallery,
  train,
  type Host,
  type MatchPrediction,
  type TrainResult,
} from '@kindred/core/host';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { kindred } from './support/kindred.js';
import { columns } from './support/columns.js';
import { pluginOf, testHost } from './support/host.js';
import { createProject, type Project } from './support/project.js';

/** Stripes of different colours, a little brighter or darker: 18 labels in three groups, six images of each. */
const GROUPS = ['warm', 'cold', 'pale'];
const LABELS = Array.from({ length: 18 }, (_, i) => ({ label: `${GROUPS[Math.floor(i / 6)]}/kind-${i}`, number: i }));
const EACH = 6;

const MANIFEST = {
  kindred: 1,
  name: 'stripes',
  seed: 5,
  plugins: ['@kindred/heads', 'columns'],
  data: {
    use: 'folder',
    path: 'stripes',
    labels: 'path',
    split: { strategy: 'label-disjoint', validation: 4, test: 6 },
  },
  backbone: 'columns',
  head: { use: 'siamese', embedding: 8 },
  training: { epochs: 4, batchSize: 12 },
};

let project: Project;
let host: Host;
let result: TrainResult;

const file = (label: string, index: number) => project.path('stripes', label, `${index}.png`);
const samples = (...files: string[]) => files.map((one) => fileSample(one));

async function drawStripes(number: number, index: number): Promise<Buffer> {
  const hue = (i: number) => `hsl(${(number * 67 + i * number * 23) % 360}, 80%, ${45 + 2 * index}%)`;
  const bars = Array.from({ length: 8 }, (_, i) => `<rect x="${i * 4}" width="4" height="32" fill="${hue(i)}"/>`);
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">${bars.join('')}</svg>`))
    .png()
    .toBuffer();
}

async function trainWith(changes: Record<string, unknown> = {}, out = 'runs/stripes'): Promise<TrainResult> {
  await project.write('stripes.json', JSON.stringify({ ...MANIFEST, ...changes }));
  return train(await checkManifest(project.path('stripes.json'), host), { out: project.path(out) }, host);
}

async function matchesOf(bundle: string, ...files: string[]): Promise<MatchPrediction[]> {
  const predictor = await openPredictor(bundle, host);
  const found: MatchPrediction[] = [];
  try {
    for await (const prediction of predictor.predict(samples(...files))) {
      if ('error' in prediction) throw prediction.error;
      found.push(prediction.branches['main'] as MatchPrediction);
    }
  } finally {
    await predictor.dispose();
  }
  return found;
}

const errorOf = (body: Promise<unknown>) =>
  body.then(
    () => undefined,
    (error: { code: string; message: string; hint?: string }) => error,
  );

beforeAll(async () => {
  project = await createProject(0);
  host = testHost(project.path('cache'), pluginOf(columns));
  for (const { label, number } of LABELS) {
    await mkdir(project.path('stripes', label), { recursive: true });
    for (let index = 0; index < EACH; index++) await writeFile(file(label, index), await drawStripes(number, index));
  }
  result = await trainWith();
});
afterAll(() => project.remove());

describe('a head that gives embeddings', () => {
  const of = ({ evaluations }: Pick<TrainResult, 'evaluations'>) => evaluations['main'] as VerificationEvaluation;
  const metric = (name: string) => of(result).metrics.find((one) => one.name === name);

  it('is measured on pairs of labels that it never saw', () => {
    const { kind, samples: images, identities, pairs, threshold, roc } = of(result);
    expect({ kind, images, identities }).toEqual({ kind: 'verification', images: 6 * EACH, identities: 6 });
    const counts = { same: 6 * 15, different: (36 * 35) / 2 - 90 };
    expect(pairs).toEqual({ ...counts, existing: counts });
    // Colours can be told apart: by far better than chance.
    expect(metric('EER')?.value).toBeLessThan(0.2);
    expect(metric('AUROC')?.value).toBeGreaterThan(0.9);
    expect(metric('5-way 1-shot accuracy')).toMatchObject({ floor: { predictor: 'nothing', value: 0.2 } });
    expect(metric('5-way 1-shot accuracy')?.value).toBeGreaterThan(0.8);
    expect(metric('20-way 1-shot accuracy')).toBeUndefined();
    expect([threshold > 0, roc?.[0], roc?.at(-1)]).toMatchObject([
      true,
      { falseMatchRate: 0, trueMatchRate: 0, distance: null },
      { falseMatchRate: 1, trueMatchRate: 1 },
    ]);
    expect(result.notes.at(-1)).toMatch(
      /^At the distance .* held-out pairs of different images are taken for the same/,
    );
  });

  it('has the same evaluation in the bundle, and again', async () => {
    const saved = JSON.parse(await readFile(path.join(result.bundle, 'metrics.json'), 'utf8')) as TrainResult;
    expect(saved.evaluations).toEqual(result.evaluations);
    expect((await evaluate(result.bundle, {}, host)).evaluations).toEqual(result.evaluations);
  });

  it('may take the features as they are, where there is nothing to learn', async () => {
    const bare = await trainWith({ head: { use: 'siamese', embedding: 'none', distance: 'cosine' } }, 'runs/bare');
    expect(bare.notes[0]).toBe('The head has no weights: it takes features as they are, and nothing was trained.');
    expect(of(bare).metrics.find(({ name }) => name === 'AUROC')?.value).toBeGreaterThan(0.8);
    expect((await evaluate(bare.bundle, {}, host)).evaluations).toEqual(bare.evaluations);
  });

  it('is measured on other data, whatever its labels', async () => {
    for (const label of ['one', 'two', 'three']) {
      await cp(project.path('stripes/warm', `kind-${label.length - 1}`), project.path('other', label), {
        recursive: true,
      });
    }
    await rm(project.path('other/three/0.png'));
    const { identities, pairs } = of(await evaluate(result.bundle, { data: project.path('other') }, host));
    expect([identities, pairs.same]).toEqual([3, 15 + 15 + 10]);
  });

  it('draws one-shot tasks within groups of labels where these are kept apart', async () => {
    const split = { strategy: 'label-disjoint', level: 1, validation: 1, test: 1 };
    const grouped = await trainWith({ data: { ...MANIFEST.data, split } }, 'runs/grouped');
    const { identities, oneShot } = of(grouped);
    expect(identities).toBe(6);
    expect(oneShot.map(({ ways, tasks, grouped: within }) => [ways, tasks, within])).toEqual([[5, 1000, true]]);
  });

  it('takes the thresholds that the manifest names, on pairs', async () => {
    const named = await trainWith(
      { plugins: [...MANIFEST.plugins, '@kindred/detectors'], thresholds: 'max-f1' },
      'runs/named',
    );
    expect(of(named).threshold).toBeGreaterThan(0);
    expect(of(named).threshold).not.toBe(of(result).threshold);
  });

  it('needs validation images of pairs, and says so before it trains', async () => {
    const split = { ...MANIFEST.data.split, validation: 0 };
    const error = await errorOf(trainWith({ data: { ...MANIFEST.data, split } }, 'runs/none'));
    expect(error?.code).toBe('KINDRED_CALIBRATION_DATA');
    expect(error?.message).toContain("The branch 'main' needs pairs of validation images");

    const thresholds = { use: 'fixed', value: -0.5 };
    const plugins = [...MANIFEST.plugins, '@kindred/detectors'];
    const given = await trainWith({ plugins, data: { ...MANIFEST.data, split }, thresholds }, 'runs/given');
    expect(of(given).threshold).toBe(0.5);
  });
});

describe('a gallery', () => {
  const [ada, bob] = ['warm/kind-1', 'cold/kind-9'];

  it('is empty at first: nothing matches', async () => {
    expect(await listGallery(result.bundle, host)).toEqual({ branches: ['main'], images: [] });
    const [prediction] = await matchesOf(result.bundle, file(ada, 0));
    expect(prediction).toMatchObject({ kind: 'match', matches: [] });
  });

  it('names what new images are near to, without training', async () => {
    const added = await addToGallery(result.bundle, { name: 'Ada' }, samples(file(ada, 0), file(ada, 1)), host);
    expect(added).toMatchObject({ branch: 'main', name: 'Ada', images: 2, known: [] });
    await addToGallery(result.bundle, { name: 'Bob' }, samples(file(bob, 0)), host);
    const found = await matchesOf(result.bundle, file(ada, 4), file(bob, 4), file(ada, 1));
    expect(found.map(({ matches }) => matches.map(({ name }) => name))).toEqual([
      ['Ada', 'Bob'],
      ['Bob', 'Ada'],
      ['Ada', 'Bob'],
    ]);
    const threshold = (result.evaluations['main'] as VerificationEvaluation).threshold;
    for (const { matches, ...prediction } of found) {
      expect(prediction.threshold).toBe(threshold);
      expect(matches.map(({ same }) => same)).toEqual(matches.map(({ distance }) => distance <= threshold));
      expect(matches[0]?.same).toBe(true);
    }
    // The very image: its distance is that of an embedding to itself, 1e-6 by the head's own rule.
    expect(found[2]?.matches[0]?.distance).toBeLessThan(1e-3);
  });

  it('gives each name the distance of its nearest image, as each alone gives', async () => {
    const [{ matches: both = [] } = {}] = await matchesOf(result.bundle, file(ada, 3));
    await removeFromGallery(result.bundle, { name: 'Ada' }, host);
    const alone: number[] = [];
    for (const index of [0, 1]) {
      await addToGallery(result.bundle, { name: 'Ada' }, samples(file(ada, index)), host);
      const [found] = await matchesOf(result.bundle, file(ada, 3));
      alone.push(found?.matches.find(({ name }) => name === 'Ada')?.distance ?? NaN);
      await removeFromGallery(result.bundle, { name: 'Ada' }, host);
    }
    await addToGallery(result.bundle, { name: 'Ada' }, samples(file(ada, 0), file(ada, 1)), host);
    // Float32; batches of other sizes may sum in another order.
    expect(both.find(({ name }) => name === 'Ada')?.distance).toBeCloseTo(Math.min(...alone), 5);
  });

  it('is unchanged where one of the images cannot be read', async () => {
    await project.write('broken.png', 'not an image');
    const before = await listGallery(result.bundle, host);
    for (const bad of ['broken.png', 'gone.png']) {
      const files = samples(file(ada, 5), project.path(bad));
      const error = await errorOf(addToGallery(result.bundle, { name: 'Ada' }, files, host));
      expect([error?.code.slice(0, 13), error?.message]).toEqual(['KINDRED_IMAGE', expect.stringContaining(bad)]);
    }
    expect(await listGallery(result.bundle, host)).toEqual(before);
  });

  it('is that of a branch with embeddings', async () => {
    const error = await errorOf(addToGallery(result.bundle, { name: 'Ada', branch: 'mains' }, [], host));
    expect([error?.code, error?.hint]).toEqual(['KINDRED_USAGE', 'Did you mean "main"?']);
    const plain = await trainWith(
      { head: 'multi-label', plugins: ['@kindred/heads', 'columns'], data: { ...MANIFEST.data, split: {} } },
      'runs/plain',
    );
    const none = await errorOf(addToGallery(plain.bundle, { name: 'Ada' }, [], host));
    expect(none?.message).toContain('A gallery needs a branch whose head gives embeddings.');
  });

  it('must be named by its branch where several have embeddings', async () => {
    const { head } = MANIFEST;
    const several = await trainWith(
      { head: undefined, branches: { faces: { head }, hands: { head } } },
      'runs/several',
    );
    const unclear = await errorOf(addToGallery(several.bundle, { name: 'Ada' }, samples(file(ada, 0)), host));
    expect(unclear?.message).toBe('The branch must be named where several give embeddings: faces, hands.');
    await addToGallery(several.bundle, { name: 'Ada', branch: 'hands' }, samples(file(ada, 0)), host);
    const predictor = await openPredictor(several.bundle, host);
    for await (const prediction of predictor.predict(samples(file(ada, 0)))) {
      const branches = 'branches' in prediction ? prediction.branches : {};
      expect([branches['faces'], branches['hands']]).toMatchObject([{ matches: [] }, { matches: [{ name: 'Ada' }] }]);
    }
    await predictor.dispose();
  });

  it('stays when the bundle is trained again, and is embedded anew', async () => {
    const before = await listGallery(result.bundle, host);
    const [{ matches: old = [] } = {}] = await matchesOf(result.bundle, file(ada, 4));
    await trainWith({ seed: 6, head: { use: 'siamese', embedding: 5, normalize: true } });
    expect(await listGallery(result.bundle, host)).toEqual(before);
    const [{ matches: fresh = [] } = {}] = await matchesOf(result.bundle, file(ada, 4));
    expect(fresh.map(({ name }) => name)).toEqual(['Ada', 'Bob']);
    expect(fresh.map(({ distance }) => distance)).not.toEqual(old.map(({ distance }) => distance));
    await trainWith();
    const [{ matches: again = [] } = {}] = await matchesOf(result.bundle, file(ada, 4));
    expect(again).toEqual(old);
  });

  it('is told of more images than a batch', async () => {
    const others = LABELS.flatMap(({ label }) => [0, 1].map((index) => file(label, index))).filter(
      (one) => !one.includes(ada) && !one.includes(bob),
    );
    await addToGallery(result.bundle, { name: 'others' }, samples(...others), host);
    const [prediction] = await matchesOf(result.bundle, file('pale/kind-14', 1));
    expect(prediction?.matches[0]?.name).toBe('others');
    await removeFromGallery(result.bundle, { name: 'others' }, host);
  });
});

describe('kindred gallery', () => {
  const run = (...args: string[]) => kindred(args, { cwd: project.dir, env: { KINDRED_CACHE: project.path('cache') } });

  beforeAll(async () => {
    // The command finds its plugins by itself: a backbone out of a file.
    await project.write('columns.mjs', PLUGIN);
    await project.write('shown.json', JSON.stringify({ ...MANIFEST, plugins: ['@kindred/heads', './columns.mjs'] }));
  });

  it('trains, adds, lists, finds and removes', async () => {
    const trained = await run('train', 'shown.json', '--out', 'runs/shown', '--quiet');
    expect(trained.stdout).toContain('main: 36 images of 6 labels, 90 same and 540 different pairs');
    expect(trained.stdout).toMatch(/EER +0\.\d{3} +0\.\d{3} to 0\.\d{3} +0\.500 +nothing/);
    expect(trained.stdout).toMatch(/false matches \(different pairs no further apart\) +[\d.]+ %/);

    const none = await run('predict', 'runs/shown', 'stripes/warm/kind-1/4.png', '--quiet');
    expect(none).toEqual({
      exit: 0,
      stdout: 'stripes/warm/kind-1/4.png\tmain\t-\n',
      stderr:
        'The gallery is empty: there is nothing to compare images with. Add images with: kindred gallery add runs/shown NAME IMAGE...\n',
    });

    const added = await run(
      'gallery',
      'add',
      'runs/shown',
      'Ada L',
      'stripes/warm/kind-1/0.png',
      'stripes/warm/kind-1/1.png',
    );
    expect([added.exit, added.stdout]).toEqual([0, '✓ 2 images added; Ada L has 2 images.\n']);
    const again = await run('gallery', 'add', 'runs/shown', 'Ada L', 'stripes/warm/kind-1/0.png');
    expect(again.stdout).toBe('stripes/warm/kind-1/0.png was there already.\n✓ 0 images added; Ada L has 2 images.\n');
    const listed = await run('gallery', 'list', 'runs/shown');
    expect(listed.stdout).toBe(
      ['NAME   IMAGES  FROM', 'Ada L       2  stripes/warm/kind-1/0.png, stripes/warm/kind-1/1.png', ''].join('\n'),
    );
    const found = await run('predict', 'runs/shown', 'stripes/warm/kind-1/4.png', '--quiet');
    expect(found.stdout).toMatch(/^stripes\/warm\/kind-1\/4\.png\tmain\t\+Ada L \d\.\d{3}\n$/);
    const wrong = await run('gallery', 'remove', 'runs/shown', 'Zoe');
    expect([wrong.exit, wrong.stderr]).toEqual([2, expect.stringContaining('Known: Ada L.')]);
    expect((await run('gallery', 'remove', 'runs/shown', 'Ada L')).stdout).toBe('✓ Ada L removed, with 2 images.\n');
  });
});

/** The backbone of `support/columns.ts` as a user would write it. */
const PLUGIN = `
import { defineBackbone, definePlugin } from '@kindred/core';
import { mean } from '@tensorflow/tfjs-core';
import { z } from 'zod';

const columns = defineBackbone({
  name: 'columns', version: 1, summary: 'The mean colour of each column.', options: z.strictObject({}),
  create: () => Promise.resolve({
    input: { width: 8, height: 8, channels: 3, resize: 'stretch' },
    features: 24, trainable: false, fingerprint: 'columns-1',
    network: { init: () => ({}), forward: (_, x) => mean(x.toFloat().div(255), 1).reshape([-1, 24]) },
  }),
});
export default definePlugin({ name: 'columns', apiVersion: 1, components: [columns] });
`;
