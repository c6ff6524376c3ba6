import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { quietHost } from '../bench/quiet-host.js';

import { withChanges, writeChanged } from './changed-manifest.js';

describe('withChanges', () => {
  const manifest = { seed: 1, training: { epochs: 10, augmentation: [{ use: 'zoom', range: 0.2 }] } };

  it('puts each value into its place and leaves the given one as it was', () => {
    const changed = withChanges(manifest, { seed: 2, 'training.epochs': 1, 'training.patience': 3 });
    expect(changed).toEqual({ ...manifest, seed: 2, training: { ...manifest.training, epochs: 1, patience: 3 } });
    expect(manifest.training.epochs).toBe(10);
  });

  it('reaches into lists by number', () => {
    const changed = withChanges(manifest, { 'training.augmentation.0.range': 0.5 });
    expect(changed.training.augmentation).toEqual([{ use: 'zoom', range: 0.5 }]);
  });

  it.each(['data.path', 'seed.low', 'training.augmentation.1.range'])('refuses the place %s', (place) => {
    expect(() => withChanges(manifest, { [place]: 1 })).toThrow(RangeError);
  });
});

describe('writeChanged', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'kindred-changed-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('fills defaults and keeps data where they are', async () => {
    const manifest = {
      ...{ kindred: 1, name: 'changed', backbone: 'small-cnn', head: 'multi-label' },
      data: { use: 'folder', path: '../photos', negatives: { use: 'folder', path: 'others', labels: 'none' } },
    };
    const [file, target] = [path.join(folder, 'given.json'), path.join(folder, 'written.json')];
    await writeFile(file, JSON.stringify(manifest));
    await writeChanged(file, { seed: 7, 'data.negatives.path': '/elsewhere' }, target, quietHost(folder));
    expect(JSON.parse(await readFile(target, 'utf8'))).toMatchObject({
      seed: 7,
      data: { path: path.resolve(folder, '../photos'), negatives: { path: '/elsewhere' } },
      training: { epochs: 10 },
    });
  });
});
