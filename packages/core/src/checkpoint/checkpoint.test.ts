import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import { tempFolder } from '../../test/support/temp-folder.js';
import type { Logger } from '../context/logger.js';
import type { FilledManifest } from '../manifest/filled.js';
import { float32 } from '../tensor/nd-array.js';
import { createEagerEngine } from '../testing/eager-engine.js';
import type { TrainingCheckpoint } from '../training/task.js';

import { checkpointFile } from './files.js';
import { FolderCheckpoints, type FolderOptions, type SavedTraining } from './folder-checkpoints.js';

const engine = createEagerEngine();
// A checkpoint compares manifests and reads the number of epochs, no more.
const MANIFEST = { name: 'test', training: { epochs: 5, optimizer: { use: 'adam@1' } } } as unknown as FilledManifest;
const FACTS = { data: 'd1', backbone: 'b1' };

const record = (epoch: number) => ({
  epoch,
  loss: 1 / epoch,
  gradientNorm: 0.1,
  learningRate: 0.01,
  validationLoss: epoch,
});
const after = (epochs: number): TrainingCheckpoint => ({
  variables: {
    'weights/w': float32([2], [epochs, -0]),
    'slots/m/w': float32([2], [0.1, NaN]),
    step: float32([], [epochs]),
  },
  history: Array.from({ length: epochs }, (_, i) => record(i + 1)),
  chosen: { epoch: 1, weights: { w: float32([2], [1, -0]) } },
});

let folder: string;
let told: { readonly warnings: string[]; readonly saved: SavedTraining[] };
beforeEach(async () => {
  folder = path.join(await tempFolder(), 'runs', 'test.checkpoint');
  told = { warnings: [], saved: [] };
});

function open(resume: boolean, changes: { facts?: typeof FACTS; manifest?: FilledManifest; task?: string } = {}) {
  const log: Logger = { debug() {}, info() {}, error() {}, warn: (_, message) => void told.warnings.push(message) };
  const options: FolderOptions = { folder, resume, log, onSaved: (saved) => void told.saved.push(saved) };
  const checkpoints = new FolderCheckpoints(options);
  checkpoints.about(changes.facts ?? FACTS);
  const manifest = changes.manifest ?? MANIFEST;
  return { checkpoints, manifest, store: checkpoints.of(changes.task ?? 'main', { manifest, engine }) };
}

describe('a folder of checkpoints', () => {
  it('gives back what was written last, bit for bit', async () => {
    const { store } = open(false);
    await store.write(after(1));
    await store.write(after(3));
    expect(await open(true).store.read()).toEqual(after(3));
    expect(await readdir(folder)).toEqual(['main.safetensors']);
    expect(told.saved.map(({ epoch }) => epoch)).toEqual([1, 3, 3]);
  });

  it('keeps the weights of the last epoch once, and those that were last good', async () => {
    const last = { ...after(3), chosen: { epoch: 3, weights: { w: float32([2], [3, -0]) } } };
    await open(false).store.write(last);
    expect(await open(true).store.read()).toEqual(last);
    const good = { ...last, good: { epoch: 2, weights: { w: float32([2], [9, 9]) } } };
    await open(false).store.write(good);
    expect(await open(true).store.read()).toEqual(good);
  });

  it('has none for a task that has not begun, or without resume', async () => {
    await open(false).store.write(after(1));
    expect(await open(true, { task: 'other' }).store.read()).toBeUndefined();
    expect(await open(false).store.read()).toBeUndefined();
  });

  it('takes names of any length', async () => {
    const task = Array.from({ length: 40 }, (_, i) => `branch-${i}`).join('+');
    await open(false, { task }).store.write(after(2));
    expect(await open(true, { task }).store.read()).toEqual(after(2));
  });

  it('removes its own files alone', async () => {
    const { checkpoints, store } = open(false);
    await store.write(after(1));
    await writeFile(`${checkpointFile(folder, 'main')}.0123abcd.new`, 'cut off');
    await writeFile(path.join(folder, 'notes.txt'), 'mine');
    await checkpoints.discard();
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  it('replaces those of an earlier run with its first one, and not before', async () => {
    await open(false).store.write(after(4));
    await open(false, { task: 'other' }).store.write(after(1));
    const { checkpoints, store, manifest } = open(false, { task: 'other' });
    await checkpoints.open(manifest);
    expect(told.warnings).toEqual([expect.stringContaining('an earlier run left a checkpoint')]);
    await store.write(after(1));
    await store.write(after(2));
    expect(await readdir(folder)).toEqual(['other.safetensors']);
  });

  it('says that there is nothing to go on from', async () => {
    const { checkpoints, manifest } = open(true);
    await checkpoints.open(manifest);
    expect(told).toEqual({ warnings: ['there is no checkpoint: training begins at the beginning'], saved: [] });
  });

  it('warns once where it cannot write, and lets training go on', async () => {
    await mkdir(path.dirname(folder), { recursive: true });
    await writeFile(folder, 'a file where the folder should be');
    const { store } = open(false);
    await store.write(after(1));
    await store.write(after(2));
    expect(told).toEqual({ warnings: [expect.stringContaining('cannot be written: training goes on')], saved: [] });
  });
});

describe('a checkpoint is refused', () => {
  const epochs = (count: number) =>
    ({ ...MANIFEST, training: { ...MANIFEST.training, epochs: count } }) as FilledManifest;
  const step = { ...MANIFEST, training: { ...MANIFEST.training, schedule: { use: 'step@1' } } } as FilledManifest;

  it.each<[string, Parameters<typeof open>[1], string]>([
    ['of other epochs', { manifest: epochs(9) }, 'when "training.epochs" of the manifest was 5; now it is 9.'],
    [
      'of no schedule',
      { manifest: step },
      'when "training.schedule" of the manifest was absent; now it is {"use":"step@1"}.',
    ],
    [
      'of other data',
      { facts: { ...FACTS, data: 'd2' } },
      'when the hash over ids, labels and images was "d1"; now it is "d2".',
    ],
    [
      'of another backbone',
      { facts: { ...FACTS, backbone: 'b2' } },
      'when the backbone\'s fingerprint was "b1"; now it is "b2".',
    ],
  ])('%s', async (_, changes, message) => {
    await open(false).store.write(after(2));
    await expect(open(true, changes).store.read()).rejects.toMatchObject({
      code: 'KINDRED_CHECKPOINT_INVALID',
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining('the number of epochs must be equal too') as string,
    });
  });

  it('of another manifest before anything is read for it', async () => {
    await open(false).store.write(after(2));
    const { checkpoints } = open(true);
    await expect(checkpoints.open(epochs(6))).rejects.toMatchObject({ code: 'KINDRED_CHECKPOINT_INVALID' });
  });

  const everyByte = [0, 9, 200, -5, -1];
  it.each(everyByte)('that has another byte at %d', async (at) => {
    await open(false).store.write(after(2));
    const file = checkpointFile(folder, 'main');
    const bytes = await readFile(file);
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expect(open(true).store.read()).rejects.toMatchObject({
      code: 'KINDRED_CHECKPOINT_INVALID',
      message: expect.stringContaining(`The checkpoint ${file} must be whole, as it was written: `) as string,
    });
  });

  it('that was cut short, or is empty', async () => {
    await open(false).store.write(after(2));
    const file = checkpointFile(folder, 'main');
    const bytes = await readFile(file);
    for (const length of [0, 7, 100, bytes.length - 1]) {
      await writeFile(file, bytes.subarray(0, length));
      await expect(open(true).store.read()).rejects.toMatchObject({ code: 'KINDRED_CHECKPOINT_INVALID' });
    }
  });
});
