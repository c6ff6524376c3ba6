import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { createRandom } from '@kindred/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { kindred, type RunOptions, type RunResult } from './support/kindred.js';
import { createProject, type Project } from './support/project.js';
import { linesOf } from './support/trained-project.js';

/** Every run is a process of its own, which on a busy machine takes long to begin. */
const TIMEOUT = 300_000;

/**
 * Whatever training can hold: a backbone with a head, then a head on features; dropout, slots, a schedule by validation losses, a
 * warm-up, images that change, the best epoch.
 */
const CHANGES = {
  head: undefined,
  branches: {
    main: { head: { use: 'multi-label', hidden: [8], dropout: 0.5 } },
    second: { from: 'main.logits', head: { use: 'multi-label', hidden: [4], dropout: 0.2 } },
  },
  training: {
    epochs: 8,
    batchSize: 12,
    optimizer: { use: 'adam', learningRate: 0.01 },
    schedule: { use: 'reduce-on-plateau', patience: 1, factor: 0.5 },
    warmup: 0.7,
    clipNorm: 1,
    restoreBest: true,
    learningRateFactors: { backbone: 0.5 },
    augmentation: ['horizontal-flip'],
  },
};

let project: Project;
let whole: { readonly result: unknown; readonly trainingMs: number };

const train = (args: readonly string[], options: RunOptions = {}) =>
  kindred(['train', ...args], { cwd: project.dir, env: { KINDRED_CACHE: project.path('cache') }, ...options });

/** The files that a run leaves, by their hashes. */
async function resultOf(out: string): Promise<unknown> {
  const names = await readdir(project.path(out), { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files.map(async (file) =>
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ),
  );
  return Object.fromEntries(files.map((file, i) => [path.relative(project.path(out), file), contents[i]]));
}

/** Calls `act` once training has begun. */
function onceTraining(act: (kill: (signal: NodeJS.Signals) => void) => unknown): RunOptions['during'] {
  return (child) => {
    let begun = false;
    child.stderr?.on('data', (text: string) => {
      if (begun || !text.includes('train main: started')) return;
      begun = true;
      act((signal) => void child.kill(signal));
    });
  };
}

/** Stops a run by a signal as soon as its first epoch is safe. */
function stopped(args: readonly string[], folder: string, signal: NodeJS.Signals): Promise<RunResult> {
  return train(args, {
    during: onceTraining(async (kill) => {
      const file = project.path(`${folder}.checkpoint`, 'main.safetensors');
      for (const until = performance.now() + TIMEOUT; performance.now() < until && !existsSync(file);) await wait(5);
      kill(signal);
    }),
  });
}

beforeAll(async () => {
  project = await createProject();
  await project.manifest(CHANGES);
  let began = 0;
  const { exit, stderr } = await train(['shapes.json', '--out', 'whole'], {
    during: onceTraining(() => (began = performance.now())),
  });
  expect(exit, stderr).toBe(0);
  whole = { result: await resultOf('whole'), trainingMs: performance.now() - began };
}, TIMEOUT);
afterAll(() => project.remove());

describe('a run that is killed and resumed', () => {
  // The moments differ from run to run: none may matter.
  const random = createRandom(Date.now());

  it.each([1, 2, 3, 4, 5])('ends as one left alone, killed at a random moment (%d)', { timeout: TIMEOUT }, async () => {
    const moment = random.next() * whole.trainingMs;
    const out = ['shapes.json', '--out', 'again'];
    const { exit } = await train(out, {
      during: onceTraining((kill) => void wait(moment).then(() => kill('SIGKILL'))),
    });
    expect(['SIGKILL', 0]).toContain(exit);
    const resumed = await train([...out, '--resume']);
    expect(resumed.exit, resumed.stderr).toBe(0);
    expect(await resultOf('again'), `killed ${moment} ms after training began`).toEqual(whole.result);
    expect(existsSync(project.path('again.checkpoint'))).toBe(false);
    await rm(project.path('again'), { recursive: true });
  });
});

describe('a run that is stopped by Ctrl-C', () => {
  const args = ['shapes.json', '--out', 'my run'];
  const folder = () => project.path('my run.checkpoint');
  const file = () => path.join(folder(), 'main.safetensors');
  let first: RunResult;
  let bytes: Buffer;

  beforeAll(async () => {
    first = await stopped(args, 'my run', 'SIGINT');
    bytes = await readFile(file());
  }, TIMEOUT);

  it('says after which epoch, and the command that goes on', () => {
    expect(first.exit, first.stderr).toBe(130);
    expect(linesOf(first.stderr).slice(-2)).toEqual([
      expect.stringMatching(/^Stopped\. Training is saved as of epoch \d of 8 of '(main|second)'\.$/),
      "Go on with: kindred train shapes.json --out 'my run' --resume",
    ]);
  });

  it('does not go on with another manifest, naming what differs', { timeout: TIMEOUT }, async () => {
    await project.manifest({ ...CHANGES, training: { ...CHANGES.training, epochs: 9 } });
    const { exit, stderr } = await train([...args, '--resume']);
    await project.manifest(CHANGES);
    expect(exit).toBe(2);
    expect(stderr).toContain(
      'must be of the same manifest, data and versions. It was written when "training.epochs" of the manifest was 8; now it is 9. [KINDRED_CHECKPOINT_INVALID]',
    );
  });

  it('does not go on with other data', { timeout: TIMEOUT }, async () => {
    const image = project.path('images', '0.png');
    const [own, other] = await Promise.all([readFile(image), readFile(project.path('images', '1.png'))]);
    await writeFile(image, other);
    const { exit, stderr } = await train([...args, '--resume']);
    await writeFile(image, own);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/It was written when the hash over ids, labels and images was .*KINDRED_CHECKPOINT_INVALID/);
  });

  it.each([
    ['cut short', (whole: Buffer) => truncate(file(), whole.length - 7)],
    ['with a bit flipped', (whole: Buffer) => writeFile(file(), flipped(whole))],
  ])('does not go on from a checkpoint %s, and names it', { timeout: TIMEOUT }, async (_, damage) => {
    await damage(bytes);
    const { exit, stderr } = await train([...args, '--resume']);
    await writeFile(file(), bytes);
    expect(exit).toBe(2);
    expect(stderr).toMatch(
      /The checkpoint .+main\.safetensors must be whole, as it was written: .*KINDRED_CHECKPOINT_INVALID/,
    );
  });

  it('gives way to a run without --resume, which says so', { timeout: TIMEOUT }, async () => {
    const { exit, stderr } = await train(args);
    expect(exit, stderr).toBe(0);
    expect(stderr).toMatch(
      /warn +an earlier run left a checkpoint, which --resume would go on from: this run begins anew/,
    );
    expect(existsSync(folder())).toBe(false);
    expect(await resultOf('my run')).toEqual(whole.result);
  });
});

/** The same with one bit of its last number changed. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 2]! ^= 1;
  return copy;
}
