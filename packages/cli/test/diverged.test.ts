import { defineOptimizer } from '@kindred/core';
import { checkManifest, fileSample, openPredictor, train, type Host } from '@kindred/core/host';
import { less, mul, scalar, sub, where } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { pluginOf, testHost } from './support/host.js';
import { createProject, MANIFEST, type Project } from './support/project.js';

/** Gradient descent whose steps grow beyond all bounds from a certain one on. */
const explosive = defineOptimizer({
  name: 'explosive',
  version: 1,
  summary: 'Diverges after some steps.',
  options: z.strictObject({ after: z.int() }),
  create: ({ after }) => ({
    learningRate: 0.01,
    slots: [],
    update: ({ weight, gradient, learningRate, step }) => {
      const factor = where(less(step, after), scalar(1), scalar(1e30));
      return { weight: sub(weight, mul(mul(learningRate, factor), gradient)), slots: {} };
    },
  }),
});

let project: Project;
let host: Host;

beforeAll(async () => {
  project = await createProject();
  host = testHost(project.path('cache'), pluginOf(explosive));
});
afterAll(() => project.remove());

async function trainUntil(after: number) {
  await project.manifest({
    plugins: [...MANIFEST.plugins, 'explosive'],
    training: { epochs: 9, batchSize: 8, optimizer: { use: 'explosive', after } },
  });
  return train(await checkManifest(project.path('shapes.json'), host), { out: project.path('run') }, host);
}

describe('a training run that diverges', () => {
  it('names epoch, step and layer, and saves what was good as a bundle beside its place', async () => {
    // 24 training images are three steps an epoch: the third epoch's first step is the seventh.
    const partial = project.path('run.partial');
    await expect(trainUntil(7)).rejects.toMatchObject({
      code: 'KINDRED_TRAIN_NAN',
      message: expect.stringMatching(
        /^The loss of 'main' must stay a finite number\. Got (NaN|Infinity) in epoch 3, step [23], first in the output of the layer '(backbone|heads)\/\S+'\.$/,
      ) as string,
      hint: expect.stringContaining(`the weights after epoch 2, is the bundle ${partial}.`) as string,
    });
    expect(await project.list()).not.toContain('run');

    const predictor = await openPredictor(partial, host);
    const scores: number[] = [];
    for await (const prediction of predictor.predict([fileSample(project.path('images', '0.png'))])) {
      if ('error' in prediction) throw prediction.error;
      const { main } = prediction.branches;
      if (main?.kind === 'labels') scores.push(...main.labels.map(({ score }) => score));
    }
    await predictor.dispose();
    expect(scores).toHaveLength(2);
    expect(scores.every(Number.isFinite)).toBe(true);
  });

  it('saves nothing where nothing was good', async () => {
    await project.remove();
    project = await createProject();
    await expect(trainUntil(1)).rejects.toMatchObject({ code: 'KINDRED_TRAIN_NAN' });
    expect((await project.list()).filter((name) => name.startsWith('run'))).toEqual([]);
  });
});
