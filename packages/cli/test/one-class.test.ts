import { copyFile, mkdir } from 'node:fs/promises';

import type { MultiLabelEvaluation, OneClassEvaluation } from '@kindred/core';
import {
  checkManifest,
  evaluate,
  fileSample,
  openPredictor,
  train,
  type Host,
  type NoveltyPrediction,
  type TrainResult,
} from '@kindred/core/host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { columns } from './support/columns.js';
import { pluginOf, testHost } from './support/host.js';
import { createProject, MANIFEST, type Project } from './support/project.js';

/** Half of the drawn images are red, the other half blue: red ones are normal. */
const IMAGES = 80;
const ONE_CLASS = { normal: 'red' };
const SPLIT = { validation: 0.25, test: 0.25 };

let project: Project;
let host: Host;

beforeAll(async () => {
  project = await createProject(IMAGES);
  host = testHost(project.path('cache'), pluginOf(columns));
});
afterAll(() => project.remove());

type Changes = Record<string, unknown>;
const dataWith = (changes: Changes = {}) => ({ ...MANIFEST.data, split: SPLIT, oneClass: ONE_CLASS, ...changes });

async function trainWith(out: string, changes: Changes, options: { search?: boolean } = {}): Promise<TrainResult> {
  const { head: _, ...rest } = MANIFEST;
  const plugins = [...MANIFEST.plugins, 'columns'];
  const manifest = { ...rest, plugins, backbone: 'columns', data: dataWith(), ...changes };
  await project.write('one-class.json', JSON.stringify(manifest));
  const checked = await checkManifest(project.path('one-class.json'), host);
  return train(checked, { out: project.path('runs', out), ...options }, host);
}

const DETECTOR = { transforms: ['standard-scaler'], detector: { use: 'nearest-neighbours', neighbours: 3 } };
const of = (result: Pick<TrainResult, 'evaluations'>, branch = 'main') =>
  result.evaluations[branch] as OneClassEvaluation;
const metric = (evaluation: OneClassEvaluation, name: string) =>
  evaluation.metrics.find((one) => one.name === name)?.value;
const errorOf = (body: Promise<unknown>) =>
  body.then(
    () => undefined,
    (error: { code: string; message: string; hint?: string; issues: { message: string; hint?: string }[] }) => error,
  );

async function verdicts(bundle: string, images: readonly number[]): Promise<NoveltyPrediction[]> {
  const predictor = await openPredictor(bundle, host);
  try {
    const found: NoveltyPrediction[] = [];
    for await (const prediction of predictor.predict(images.map((i) => fileSample(project.path(`images/${i}.png`))))) {
      if ('error' in prediction) throw prediction.error;
      found.push(prediction.branches['main'] as NoveltyPrediction);
    }
    return found;
  } finally {
    await predictor.dispose();
  }
}

describe('a detector', () => {
  it('is fitted to normal images alone, and measured on both kinds', async () => {
    const result = await trainWith('plain', DETECTOR);
    expect(result.data).toMatchObject({
      ...{ train: 20, validation: 30, test: 30 },
      others: { train: 0, validation: 20, test: 20, unused: 0 },
    });
    const evaluation = of(result);
    expect(evaluation).toMatchObject({ kind: 'one-class', normals: 10, others: 20, threshold: 0, reliability: null });
    // Red and blue can be told by any pixel of the shape.
    expect(metric(evaluation, 'AUROC')).toBe(1);
    expect(evaluation.detectionRate).toMatchObject({ value: 1, images: 20 });
    expect(result.notes.at(-1)).toMatch(
      /^At the threshold 0\.00, \d+ of 10 held-out normal images are false alarms: .* "thresholds": "quantile" /,
    );
    expect((await evaluate(result.bundle, {}, host)).evaluations).toEqual(result.evaluations);
  });

  it('gives a verdict, and a probability where it is calibrated', async () => {
    const { bundle, evaluations } = await trainWith('calibrated', {
      ...DETECTOR,
      calibrator: 'platt',
      thresholds: { use: 'quantile', falseAlarmRate: 0.2 },
    });
    const all = await verdicts(
      bundle,
      Array.from({ length: IMAGES }, (_, i) => i),
    );
    const { threshold } = of({ evaluations });
    for (const { score, normal, ...verdict } of all) {
      expect([verdict.threshold, normal]).toEqual([threshold, score >= threshold]);
    }
    const red = all.filter((_, i) => i % 2 === 0);
    const blue = all.filter((_, i) => i % 2 === 1);
    // A fifth of the red ones may be missed, give or take what ten held-out ones can tell.
    expect(red.filter(({ normal }) => normal).length).toBeGreaterThan(20);
    expect(blue.some(({ normal }) => normal)).toBe(false);
    const chances = (verdicts: NoveltyPrediction[]) => verdicts.map(({ probability }) => probability as number);
    expect(Math.min(...chances(red.filter(({ normal }) => normal)))).toBeGreaterThan(Math.max(...chances(blue)));
    expect(metric(of({ evaluations }), 'ECE')).toBeLessThan(0.3);
    expect(of({ evaluations }).reliability?.reduce((sum, { count }) => sum + count, 0)).toBe(30);
  });

  it('has a sane threshold without any other images, and says what it means', async () => {
    const result = await trainWith('alone', {
      ...DETECTOR,
      data: dataWith({ oneClass: { ...ONE_CLASS, negatives: [] } }),
      thresholds: 'quantile',
    });
    expect(result.data.others).toEqual({ train: 0, validation: 0, test: 0, unused: 40 });
    const evaluation = of(result);
    expect([metric(evaluation, 'AUROC'), evaluation.detectionRate]).toEqual([null, null]);
    expect(evaluation.falseAlarmRate?.images).toBe(10);
    expect(result.notes.join(' ')).toContain('held-out normal images are false alarms');
    const blue = await verdicts(result.bundle, [1, 3, 5, 7]);
    expect(blue.map(({ normal }) => normal)).toEqual([false, false, false, false]);
  });

  it('works without held-out images at all, and says that the false-alarm rate is not known', async () => {
    const result = await trainWith('blind', { ...DETECTOR, data: dataWith({ split: { validation: 0, test: 0 } }) });
    expect(result.evaluations).toEqual({});
    expect(result.notes).toContain(
      'At the threshold 0.00 the false-alarm rate is not known: no held-out image is normal.',
    );
  });

  it('must be told which of several classes are normal', async () => {
    const error = await errorOf(trainWith('untold', { ...DETECTOR, data: { ...MANIFEST.data } }));
    expect(error?.code).toBe('KINDRED_DATA_NORMAL');
    expect(error?.hint).toContain('"oneClass": { "normal": "red" }');
  });

  it('refuses a calibrator where nothing is held out', async () => {
    const data = dataWith({ split: { validation: 0, test: 0.2 } });
    const error = await errorOf(trainWith('uncalibrated', { ...DETECTOR, data, calibrator: 'isotonic' }));
    expect(error?.code).toBe('KINDRED_CALIBRATION_DATA');
  });
});

describe('branches of one-class data', () => {
  it('let a head learn the labels of normal images, beside a detector', async () => {
    const result = await trainWith('both', {
      data: dataWith({ oneClass: { normal: ['red'] }, labels: { columns: ['red', 'round'] } }),
      branches: { shape: { head: { use: 'multi-label', hidden: [] } }, novelty: DETECTOR },
      training: { epochs: 3, batchSize: 8 },
    });
    const shape = result.evaluations['shape'] as MultiLabelEvaluation;
    // Of the others a head sees nothing, not even in the test part.
    expect([shape.kind, shape.samples, shape.labels.map(({ label }) => label)]).toEqual([
      ...['multi-label', 10],
      ['red', 'round'],
    ]);
    expect(of(result, 'novelty')).toMatchObject({ normals: 10, others: 20 });
    expect(result.notes.some((note) => note.startsWith('novelty: At the threshold'))).toBe(true);
  });

  it('may read the logits of another, in training and in prediction', async () => {
    const branches = {
      belongs: { from: 'shapes.logits', detector: { use: 'energy', labels: 'independent' } },
      near: { from: 'shapes.logits', ...DETECTOR },
      shapes: { head: { use: 'multi-label', hidden: [] } },
    };
    const { oneClass: _, ...data } = dataWith();
    const result = await trainWith('logits', { branches, data, training: { epochs: 5, batchSize: 8 } });
    expect(Object.keys(result.evaluations)).toEqual(['belongs', 'near', 'shapes']);
    expect(of(result, 'near')).toMatchObject({ kind: 'one-class', normals: 20, others: 0 });
    const predictor = await openPredictor(result.bundle, host);
    const images = Array.from({ length: IMAGES }, (_, i) => fileSample(project.path(`images/${i}.png`)));
    const offsets: number[] = [];
    for await (const prediction of predictor.predict(images)) {
      if ('error' in prediction) throw prediction.error;
      const { belongs, shapes } = prediction.branches;
      if (belongs?.kind !== 'novelty' || shapes?.kind !== 'labels') throw new Error('each branch must answer');
      // Joint energy from the probabilities that the head gives: sum of log(1 + e^logit) = -sum of log(1 - p).
      offsets.push(belongs.score + shapes.labels.reduce((sum, { score }) => sum + Math.log(1 - score), 0));
    }
    await predictor.dispose();
    // All scores are shifted by the one boundary; 1 - p loses digits in float32.
    expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThan(1e-3);
  });

  it('must give a detector of logits the logits of a head', async () => {
    const error = await errorOf(trainWith('features', { detector: 'energy' }));
    expect(error?.issues[0]?.message).toContain(
      'the detector energy must read the logits of a head. It reads features.',
    );
  });

  it('are measured on other data by the labels that they know', async () => {
    const put = async (folder: string, every: (i: number) => boolean) => {
      await mkdir(project.path(folder), { recursive: true });
      const chosen = Array.from({ length: IMAGES }, (_, i) => i).filter(every);
      for (const i of chosen) await copyFile(project.path(`images/${i}.png`), project.path(folder, `${i}.png`));
    };
    await put('own/red', (i) => i % 4 === 0);
    await put('both/red', (i) => i % 4 === 2);
    await put('both/blue', (i) => i % 2 === 1);
    // One folder: every image is normal without a word.
    const result = await trainWith('known', { ...DETECTOR, data: { use: 'folder', path: 'own', split: SPLIT } });
    expect(result.data.others).toBeUndefined();
    const other = of(await evaluate(result.bundle, { data: project.path('both') }, host));
    expect([other.normals, other.others, metric(other, 'AUROC')]).toEqual([20, 40, 1]);
  });
});

describe('a search', () => {
  const search = {
    'detector.neighbours': [60, 3, 4],
    'transforms[0]': ['standard-scaler', { use: 'l2-normalize' }],
    seeds: [1, 2],
  };

  it('tries every choice on the validation part, takes the first of the best, and trains it', async () => {
    const result = await trainWith('searched', { ...DETECTOR, search }, { search: true });
    const found = result.search;
    expect(found).toMatchObject({ branch: 'main', metric: 'AUROC', images: 30, seeds: [1, 2], best: 2 });
    expect(found?.trials.map(({ options }) => Object.values(options))).toEqual([
      [60, 'standard-scaler'],
      [60, { use: 'l2-normalize' }],
      [3, 'standard-scaler'],
      [3, { use: 'l2-normalize' }],
      [4, 'standard-scaler'],
      [4, { use: 'l2-normalize' }],
    ]);
    expect(found?.trials.map(({ mean, values }) => [mean, values.length])).toEqual([
      [null, 0],
      [null, 0],
      ...Array.from({ length: 4 }, () => [1, 2]),
    ]);
    // More neighbours than training images: the table says so, and the search goes on.
    expect(found?.trials[0]?.error).toContain('60');
    const kept = await checkManifest(`${result.bundle}/manifest.json`, host);
    expect(kept.manifest.search).toBeUndefined();
    expect(kept.manifest.branches['main']?.detector).toMatchObject({ neighbours: 3 });
    expect((await evaluate(result.bundle, {}, host)).evaluations).toEqual(result.evaluations);
  });

  it('gives what training with these options gives, byte for byte in its scores', async () => {
    const searched = await trainWith('searched-2', { ...DETECTOR, search }, { search: true });
    const plain = await trainWith('plain-2', DETECTOR);
    expect(searched.evaluations).toEqual(plain.evaluations);
  });

  it('is left aside unless asked for, with a note', async () => {
    const result = await trainWith('aside', { ...DETECTOR, search });
    expect([result.search, result.notes.at(-1)]).toEqual([
      undefined,
      'The "search" of the manifest was left aside: `kindred train --search` runs it.',
    ]);
  });

  it.each<[string, Changes, string]>([
    ['no search in the manifest', {}, 'There must be a "search" in the manifest for a search.'],
    [
      'no image that is not normal',
      { search, data: dataWith({ oneClass: { ...ONE_CLASS, negatives: ['test'] } }) },
      "A search for a detector needs validation images that are not normal, to measure AUROC with. The branch 'main' has 10 normal ones alone.",
    ],
    [
      'no validation images',
      { search, data: dataWith({ split: { validation: 0, test: 0.2 } }) },
      'A search needs validation images to measure AUROC on.',
    ],
    ['a choice that none can be fitted with', { search: { 'detector.neighbours': [60, 70] } }, '60'],
  ])('refuses %s', async (_, changes, message) => {
    const error = await errorOf(trainWith('refused', { ...DETECTOR, ...changes }, { search: true }));
    expect(error?.message).toContain(message);
  });

  it.each<[string, object, string, string]>([
    ['an option that is not there', { 'detector.neighbors': [1] }, '"branches.main.detector.neighbors"', 'neighbours'],
    ['a value out of range', { 'detector.neighbours': [0] }, '"branches.main.detector.neighbours"', ''],
    ['a part that is not there', { 'head.hidden': [[1]] }, 'Got "head.hidden".', 'transforms, detector'],
    ['a transform that is not there', { 'transforms[1].x': [1] }, 'Got "transforms[1].x".', 'transforms[0]'],
    ['what features follow from', { 'backbone.tap': ['x'] }, 'Got "backbone.tap".', ''],
    ['nothing to try', { seeds: [1] }, '"search" must name options to try.', 'detector.nu'],
    ['no values', { 'detector.neighbours': [] }, '"search.detector.neighbours"', ''],
    ['an unknown metric', { metric: 'aurok', 'detector.neighbours': [1] }, 'Got "aurok"', 'auroc'],
  ])('is checked before anything is built: %s', async (_, wrong, message, hint) => {
    const error = await errorOf(trainWith('wrong', { ...DETECTOR, search: wrong }, { search: true }));
    expect(error?.code).toBe('KINDRED_MANIFEST_INVALID');
    expect(error?.issues[0]?.message).toContain(message);
    expect(error?.issues[0]?.hint ?? '').toContain(hint);
  });
});
