import { readFile } from 'node:fs/promises';

import type { Sample } from '@kindred/core';
import { checkManifest, noProgress, openPredictor, silentLogger, train, type Host } from '@kindred/core/host';
import backbones from '@kindred/backbones';
import detectors from '@kindred/detectors';
import engines from '@kindred/engines';
import heads from '@kindred/heads';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createProject, MANIFEST, type Project } from './support/project.js';

let project: Project;
let bundle: string;
let image: Uint8Array;

const hostWith = (signal: AbortSignal): Host => ({
  plugins: {
    '@kindred/engines': engines,
    '@kindred/backbones': backbones,
    '@kindred/heads': heads,
    '@kindred/detectors': detectors,
  },
  cacheDir: project.path('cache'),
  log: silentLogger,
  progress: noProgress,
  signal,
});

beforeAll(async () => {
  project = await createProject(24);
  const host = hostWith(new AbortController().signal);
  await project.write('one.json', JSON.stringify({ ...MANIFEST, engine: { use: 'onnx', workers: 1 } }));
  ({ bundle } = await train(await checkManifest(project.path('one.json'), host), { out: project.path('one') }, host));
  image = await readFile(project.path('images/0.png'));
});
afterAll(() => project.remove());

/** Samples without end; `read` makes each one's bytes. */
function* endless(read: () => Promise<Uint8Array>): Generator<Sample> {
  for (let i = 0; ; i++) yield { id: String(i), labels: [], location: `/endless/${i}`, read };
}

it('a consumer that takes its time holds back the reading of images', async () => {
  const predictor = await openPredictor(bundle, hostWith(new AbortController().signal));
  let [read, taken, most] = [0, 0, 0];
  const samples = endless(() => {
    read++;
    return Promise.resolve(image);
  });
  for await (const prediction of predictor.predict(samples)) {
    expect(prediction).not.toHaveProperty('error');
    taken++;
    if (taken % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    most = Math.max(most, read - taken);
    if (taken === 200) break;
  }
  await predictor.dispose();
  // Batches of 8: one with the worker, one that waits for it, one whose answers are read, two decoded ahead; and four single images.
  expect(most).toBeLessThanOrEqual(5 * 8 + 4);
});

it('an abort ends the stream, though an image is still being read', async () => {
  const controller = new AbortController();
  const predictor = await openPredictor(bundle, hostWith(controller.signal));
  let read = 0;
  const stuck = endless(() => {
    if (++read < 20) return Promise.resolve(image);
    controller.abort();
    return new Promise(() => undefined);
  });
  const all = async () => {
    let count = 0;
    for await (const _ of predictor.predict(stuck)) count++;
    return count;
  };
  await expect(all()).rejects.toMatchObject({ code: 'KINDRED_ABORTED' });
  await predictor.dispose();
});
