import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import {
  checkManifest,
  evaluate,
  fileSample,
  openPredictor,
  train,
  type BranchPrediction,
  type Host,
  type Prediction,
} from '@kindred/core/host';
import type { MultiLabelEvaluation } from '@kindred/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { columns } from './support/columns.js';
import { pluginOf, testHost } from './support/host.js';
import { createProject, MANIFEST, type Project } from './support/project.js';

const IMAGES = 60;

let project: Project;
let host: Host;

beforeAll(async () => {
  project = await createProject(IMAGES);
  host = testHost(project.path('cache'), pluginOf(columns));
});
afterAll(() => project.remove());

const BRANCHES = {
  plain: { head: { use: 'multi-label', hidden: [], dropout: 0 } },
  scaled: { transforms: ['standard-scaler', 'l2-normalize'], head: { use: 'multi-label', hidden: [16], dropout: 0.2 } },
};

/** Trains two branches on one frozen backbone. */
async function trainFrozen(out: string, changes: Record<string, unknown> = {}) {
  const { head: _, ...rest } = MANIFEST;
  const training = { epochs: 60, batchSize: 8, optimizer: { use: 'adam', learningRate: 0.02 } };
  const plugins = [...MANIFEST.plugins, 'columns'];
  const manifest = { ...rest, plugins, backbone: 'columns', branches: BRANCHES, training, ...changes };
  await project.write('frozen.json', JSON.stringify(manifest));
  return train(await checkManifest(project.path('frozen.json'), host), { out: project.path('runs', out) }, host);
}

async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = names.map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [path.relative(folder, file), await readFile(file, 'base64')] as const),
    ),
  );
}

async function predictions(bundle: string, images: readonly string[]): Promise<Prediction[]> {
  const predictor = await openPredictor(bundle, host);
  try {
    const all: Prediction[] = [];
    for await (const prediction of predictor.predict(images.map(fileSample))) all.push(prediction);
    return all;
  } finally {
    await predictor.dispose();
  }
}

const scoresOf = (prediction: Prediction | undefined): Record<string, Record<string, number>> => {
  if (!prediction || 'error' in prediction) throw new Error('the image must be readable');
  const byLabel = (branch: BranchPrediction) =>
    branch.kind === 'labels' ? Object.fromEntries(branch.labels.map(({ label, score }) => [label, score])) : {};
  return Object.fromEntries(Object.entries(prediction.branches).map(([name, branch]) => [name, byLabel(branch)]));
};

describe('two branches on a frozen backbone', () => {
  it('are trained, evaluated and predicted as one pipeline', async () => {
    const result = await trainFrozen('two');
    expect(result.features).toEqual({ fromStore: 0, computed: IMAGES });
    for (const name of ['plain', 'scaled']) {
      const evaluation = result.evaluations[name] as MultiLabelEvaluation;
      // Colour can be read off mean pixels; shape hardly.
      const red = evaluation.labels.find(({ label }) => label === 'red');
      expect(red?.averagePrecision, name).toBeGreaterThan(0.9);
      expect(red?.averagePrecisionFloor, name).toBeLessThan(0.7);
      expect(result.history[name]).toHaveLength(60);
    }
    const again = await evaluate(result.bundle, {}, host);
    expect(again.evaluations).toEqual(result.evaluations);
  });

  it('another head reads every feature from the store', async () => {
    const branches = { other: { head: { use: 'multi-label', hidden: [8] } } };
    const result = await trainFrozen('other', { branches });
    expect(result.features).toEqual({ fromStore: IMAGES, computed: 0 });
  });

  it('the same seed gives the same bundle byte for byte, another seed another one', async () => {
    const [a, b, c] = [await trainFrozen('a'), await trainFrozen('b'), await trainFrozen('c', { seed: 4 })];
    const files = await contents(a.bundle);
    expect(Object.keys(files).sort()).toEqual([
      'lock.json',
      'manifest.json',
      'metrics.json',
      'state/pipeline.json',
      'state/pipeline.safetensors',
    ]);
    expect(await contents(b.bundle)).toEqual(files);
    const other = await contents(c.bundle);
    expect(other['state/pipeline.safetensors']).not.toBe(files['state/pipeline.safetensors']);
  });

  it('an image gets the same scores alone and among others, also where others are unreadable', async () => {
    const { bundle } = await trainFrozen('alone');
    const images = Array.from({ length: 11 }, (_, index) => project.path('images', `${index}.png`));
    await project.write('broken.png', 'no image');
    const mixed = [...images.slice(0, 3), project.path('broken.png'), ...images.slice(3)];
    const together = await predictions(bundle, mixed);
    expect(together.map((prediction) => 'error' in prediction)).toEqual(
      mixed.map((file) => file.endsWith('broken.png')),
    );
    for (const index of [0, 2, 5, 10]) {
      const [alone] = await predictions(bundle, [images[index] as string]);
      const expected = scoresOf(together[index < 3 ? index : index + 1]);
      for (const [branch, labels] of Object.entries(scoresOf(alone))) {
        // Other batch sizes may order float32 sums in another way.
        for (const [label, score] of Object.entries(labels))
          expect(score).toBeCloseTo(expected[branch]?.[label] ?? NaN, 5);
      }
    }
  });
});
