import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { tempFolder } from '../../test/support/temp-folder.js';
import type { PipelineState } from '../pipeline/state.js';
import { float32, int32 } from '../tensor/nd-array.js';
import { encodeSafetensors } from '../tensor/safetensors.js';

import {
  BUNDLE_FORMAT,
  LOCK_FILE,
  MANIFEST_FILE,
  METRICS_FILE,
  STATE_FILE,
  STATE_TENSORS,
  stateSchema,
  type Lock,
} from './format.js';
import { readBundle } from './read.js';
import { decodeState, encodeState } from './state-codec.js';
import { checkTarget, jsonText, writeBundle, type BundleFiles } from './write.js';

const lock: Omit<Lock, 'files'> = {
  format: BUNDLE_FORMAT,
  kindred: '0.1.0',
  engine: { name: 'onnx' },
  seed: 42,
  components: [{ kind: 'head', use: 'linear@2', plugin: 'test-plugin' }],
  backbone: { fingerprint: 'abc', source: 'drawn' },
  data: { samples: 3, fingerprint: 'def' },
  baseDir: '..',
};

const state: PipelineState = {
  labels: ['a', 'b'],
  backbone: { 'conv/kernel': float32([1, 2], [0.5, -1]) },
  branches: {
    one: {
      transforms: [{ json: { rows: 3 }, tensors: { mean: float32([2], [1, 2]) } }],
      head: {
        spec: { features: 2, labels: ['a', 'b'], samples: 3, positives: [1, 2] },
        weights: { 'dense/kernel': float32([2, 2], [1, 2, 3, 4]) },
      },
      calibrator: { json: {}, tensors: { slope: float32([2], [1, 1]) } },
      thresholds: { values: [0.5, 0.25], notes: ['a is rare'] },
    },
    'one-more': { transforms: [], detector: { json: { k: 3 }, tensors: { index: int32([1], [7]) } } },
  },
};

function contents({ plugins = [] as string[] } = {}): BundleFiles {
  const { json, tensors } = encodeState(state);
  return {
    [MANIFEST_FILE]: jsonText({ kindred: 1, name: 'x', plugins }),
    [STATE_FILE]: jsonText(json),
    [STATE_TENSORS]: encodeSafetensors(tensors),
    [METRICS_FILE]: jsonText({}),
  };
}

async function written(changes: Partial<Lock> = {}, files = contents()): Promise<string> {
  const folder = path.join(await tempFolder(), 'bundle');
  await writeBundle(folder, { ...lock, ...changes }, files);
  return folder;
}

/** Rewrites the lock as someone would who wants to be believed. */
async function editLock(folder: string, edit: (lock: Lock) => object): Promise<void> {
  const file = path.join(folder, LOCK_FILE);
  await writeFile(file, jsonText(edit(JSON.parse(await readFile(file, 'utf8')) as Lock)));
}

describe('a bundle', () => {
  it('gives what was written', async () => {
    const folder = await written();
    const bundle = await readBundle(folder);
    expect(bundle.state).toEqual(state);
    expect(bundle.lock).toMatchObject(lock);
    expect(bundle.manifest).toBe(contents()[MANIFEST_FILE]);
    expect(bundle.baseDir).toBe(path.dirname(folder));
  });

  it('gives the calibration of a backbone in 8 bits number for number', () => {
    const { backbone: _, ...frozen } = state;
    const calibrated = { ...frozen, calibration: { quantizer: 'x', ranges: [{ min: -0.1, max: 1 / 3 }] } };
    const { json, tensors } = encodeState(calibrated);
    const read = stateSchema.parse(JSON.parse(jsonText(json)));
    expect(decodeState(read, tensors)).toEqual(calibrated);
  });

  it('has the same bytes whenever the same is written', async () => {
    const [one, other] = [await written(), await written()];
    for (const name of [LOCK_FILE, ...Object.keys(contents())]) {
      expect(await readFile(path.join(one, name))).toEqual(await readFile(path.join(other, name)));
    }
  });

  it('may hold what a file manager leaves', async () => {
    const folder = await written();
    await writeFile(path.join(folder, '.DS_Store'), 'x');
    await expect(readBundle(folder)).resolves.toBeDefined();
  });
});

describe('readBundle refuses', () => {
  it('a folder that is none', async () => {
    const error = await kindredErrorOf(async () => readBundle(await tempFolder({ 'x.txt': '' })));
    expect(error.code).toBe('KINDRED_BUNDLE_NOT_FOUND');
  });

  const entry = (text: string) => ({ bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') });
  it.each<[string, (folder: string) => Promise<unknown>, RegExp]>([
    ['a file that was cut', (f) => truncate(path.join(f, STATE_TENSORS), 20), /has 20 bytes instead of \d+/],
    ['a missing file', (f) => rm(path.join(f, METRICS_FILE)), /metrics\.json is missing/],
    [
      'a folder in the place of a file',
      (f) => rm(path.join(f, METRICS_FILE)).then(() => mkdir(path.join(f, METRICS_FILE))),
      /is missing/,
    ],
    [
      'an altered file of the same size',
      async (f) => {
        const bytes = await readFile(path.join(f, STATE_TENSORS));
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        await writeFile(path.join(f, STATE_TENSORS), bytes);
      },
      /was altered/,
    ],
    ['a lock that is not JSON', (f) => writeFile(path.join(f, LOCK_FILE), '{'), /lock\.json is not JSON/],
    ['a lock that is null', (f) => writeFile(path.join(f, LOCK_FILE), 'null'), /lock\.json is not as it should be/],
    [
      'a lock that is a folder',
      (f) => rm(path.join(f, LOCK_FILE)).then(() => mkdir(path.join(f, LOCK_FILE))),
      /must be a file/,
    ],
    [
      'a lock of many megabytes',
      (f) => truncate(path.join(f, LOCK_FILE), 5 * 1024 * 1024),
      /must be a file of at most/,
    ],
    ['a newer format', (f) => editLock(f, (l) => ({ format: 2, next: l })), /is of format 2/],
    ['no format', (f) => editLock(f, ({ format: _, ...l }) => l), /lock\.json is not as it should be: format/],
    [
      'a path out of the folder',
      (f) => editLock(f, (l) => ({ ...l, files: { ...l.files, '../x': entry('') } })),
      /not as it should be/,
    ],
    [
      'an absolute path',
      (f) => editLock(f, (l) => ({ ...l, files: { ...l.files, '/etc/passwd': entry('') } })),
      /not as it should be/,
    ],
    [
      'a lock that leaves the state out',
      (f) => editLock(f, (l) => ({ ...l, files: {} })),
      /is not listed in its lock\.json/,
    ],
    [
      'a size that lies',
      (f) => editLock(f, (l) => ({ ...l, files: { ...l.files, [METRICS_FILE]: { ...entry(''), bytes: 10 ** 12 } } })),
      /instead of 1000000000000/,
    ],
    [
      'a file that the lock does not list',
      (f) => writeFile(path.join(f, 'state', 'evil.js'), ''),
      /state\/evil\.js is not listed/,
    ],
    [
      'state that is not what its schema says, though its hash is right',
      async (f) => {
        await writeFile(path.join(f, STATE_FILE), '{}');
        await editLock(f, (l) => ({ ...l, files: { ...l.files, [STATE_FILE]: entry('{}') } }));
      },
      /state\/pipeline\.json is not as it should be/,
    ],
    [
      'tensors that are none, though their hash is right',
      async (f) => {
        await writeFile(path.join(f, STATE_TENSORS), 'x');
        await editLock(f, (l) => ({ ...l, files: { ...l.files, [STATE_TENSORS]: entry('x') } }));
      },
      /./,
    ],
  ])('%s', async (_, attack, message) => {
    const folder = await written();
    await attack(folder);
    const error = await kindredErrorOf(() => readBundle(folder));
    expect(error.code).toBe('KINDRED_BUNDLE_INVALID');
    expect(error.message).toMatch(message);
  });

  it.each([
    ['plugins looked for in its own folder', '.', []],
    ['plugins looked for below its own folder', './state', []],
    ['a plugin inside of it, by a way around', '..', ['./bundle/state/evil.js']],
    ['a plugin inside of it, through a link', '..', ['./link/evil']],
  ])('%s: opening one must never run its code', async (_, baseDir, plugins) => {
    const folder = await written({ baseDir }, contents({ plugins }));
    await symlink(path.join(folder, 'state'), path.join(path.dirname(folder), 'link'));
    expect(await kindredErrorOf(() => readBundle(folder))).toMatchObject({ code: 'KINDRED_BUNDLE_INVALID' });
  });
});

describe('the place of a bundle', () => {
  it('may be new, empty, below folders that are not there yet, or a bundle', async () => {
    const folder = await tempFolder();
    await mkdir(path.join(folder, 'empty'));
    for (const target of ['new', 'empty', 'a/b/c']) await checkTarget(path.join(folder, target));
    await checkTarget(await written());
  });

  it.each([
    ['a file', 'file', 'holds a file'],
    ['a folder with other files', 'full', 'holds other files'],
  ])('must not be %s', async (_, name, message) => {
    const folder = await tempFolder({ file: '', 'full/x': '' });
    const error = await kindredErrorOf(() => checkTarget(path.join(folder, name)));
    expect(error.code).toBe('KINDRED_BUNDLE_EXISTS');
    expect(error.message).toContain(message);
  });

  it('gets the new bundle as a whole and keeps nothing of the old one', async () => {
    const folder = await written({}, { ...contents(), 'old.json': '{}' });
    await writeBundle(folder, { ...lock, seed: 7 }, contents());
    expect((await readBundle(folder)).lock.seed).toBe(7);
    expect(await readdir(path.dirname(folder))).toEqual(['bundle']);
  });

  it('keeps the old bundle, and nothing else, where the new one cannot be written', async () => {
    const folder = await written();
    const files = { ...contents(), [`${'x'.repeat(300)}.json`]: 'a name too long for any file system' };
    const error = await kindredErrorOf(() => writeBundle(folder, { ...lock, seed: 7 }, files));
    expect(error.code).toBe('KINDRED_BUNDLE_UNWRITABLE');
    expect((await readBundle(folder)).lock.seed).toBe(42);
    expect(await readdir(path.dirname(folder))).toEqual(['bundle']);
  });

  it.skipIf(process.getuid?.() === 0)('must be writable (the superuser may write anywhere)', async () => {
    const folder = await tempFolder();
    await chmod(folder, 0o500);
    const error = await kindredErrorOf(() => checkTarget(path.join(folder, 'bundle')));
    expect(error.code).toBe('KINDRED_BUNDLE_UNWRITABLE');
  });
});
