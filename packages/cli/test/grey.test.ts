import { copyFile, readdir } from 'node:fs/promises';
import path from 'node:path';

import type { MultiLabelEvaluation } from '@kindred/core';
import { checkManifest, fileSample, openPredictor, train, type Prediction } from '@kindred/core/host';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { testHost } from './support/host.js';
import { createProject, MANIFEST, type Project } from './support/project.js';

let project: Project;
beforeAll(async () => {
  project = await createProject(40);
});
afterAll(() => project.remove());

/** Ways in which files keep colour. */
const MODES: readonly ((image: Sharp) => Sharp)[] = [
  (image) => image.png(),
  (image) => image.toColourspace('b-w').png(),
  (image) => image.ensureAlpha(0.5).png(),
  (image) => image.png({ palette: true }),
  (image) => image.toColourspace('rgb16').png(),
  (image) => image.toColourspace('cmyk').jpeg({ quality: 95 }),
];

it('trains and predicts in grey, whatever mode the images are in', async () => {
  for (const file of await readdir(project.path('images'))) {
    const at = project.path('images', file);
    const write = MODES[Number.parseInt(file) % MODES.length] as (typeof MODES)[number];
    await project.write(path.join('images', file), await write(sharp(at)).toBuffer());
  }
  const host = testHost(project.path('cache'));
  const backbone = { use: 'small-cnn', preset: 'tiny', input: { width: 16, height: 16, channels: 1 } };
  await project.manifest({ backbone, training: { ...MANIFEST.training, epochs: 1 } });
  const checked = await checkManifest(project.path('shapes.json'), host);
  const { bundle, evaluations } = await train(checked, { out: project.path('runs/grey') }, host);
  expect((evaluations['main'] as MultiLabelEvaluation).labels.map(({ label }) => label)).toEqual(['red', 'round']);

  await copyFile(project.path('images/0.png'), project.path('copy.png'));
  const files = [...MODES.map((_, i) => project.path('images', `${i}.png`)), project.path('copy.png')];
  const predictor = await openPredictor(bundle, host);
  const answers: Prediction[] = [];
  for await (const prediction of predictor.predict(files.map(fileSample))) answers.push(prediction);
  await predictor.dispose();
  expect(answers.map((answer) => 'error' in answer)).toEqual(files.map(() => false));
});
