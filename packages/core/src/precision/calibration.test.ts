import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { tempFolder } from '../../test/support/temp-folder.js';
import { createRandom } from '../context/random.js';
import type { BackboneModel } from '../plugin/contract.js';
import type { Engine } from '../plugin/engine-contract.js';
import { createEagerEngine } from '../testing/eager-engine.js';

import { calibrated, calibrationHash } from './calibrated.js';
import { CalibrationCache, calibrationKey } from './calibration-cache.js';
import { drawImages } from './calibration-set.js';

const image = (hash: string, id = hash) => ({
  hash,
  sample: { id, labels: [], location: id, read: () => Promise.resolve(new Uint8Array()) },
});
const images = Array.from({ length: 30 }, (_, i) => image(`hash ${i}`));
const hashes = (drawn: readonly { readonly hash: string }[]) => drawn.map(({ hash }) => hash);

describe('drawImages', () => {
  it('draws as many as asked for, the same for a seed whatever the order of the dataset', () => {
    const drawn = hashes(drawImages(images, 10, createRandom(1)));
    expect(new Set(drawn).size).toBe(10);
    expect(hashes(drawImages([...images].reverse(), 10, createRandom(1)))).toEqual(drawn);
    expect(hashes(drawImages(images, 10, createRandom(2)))).not.toEqual(drawn);
  });

  it('draws each of byte-identical images once', () => {
    const copies = [image('a', '1'), image('a', '2'), image('b', '3')];
    expect(hashes(drawImages(copies, 10, createRandom(1)))).toEqual(['a', 'b']);
  });
});

const model = { fingerprint: 'weights' } as BackboneModel;
const engine = (version: string, name = 'onnx'): Engine => ({
  ...createEagerEngine(),
  name,
  int8: { version, describe: () => Promise.resolve(''), calibrate: () => Promise.resolve({}) },
});

describe('the key of a calibration', () => {
  const key = calibrationKey(model, ['a', 'b'], engine('1'));

  it('does not depend on the order of the images', () => {
    expect(calibrationKey(model, ['b', 'a'], engine('1'))).toBe(key);
  });

  it.each<[string, string]>([
    ['other weights', calibrationKey({ ...model, fingerprint: 'other' }, ['a', 'b'], engine('1'))],
    ['other images', calibrationKey(model, ['a', 'c'], engine('1'))],
    ['fewer images', calibrationKey(model, ['a'], engine('1'))],
    ['another version of the quantizer', calibrationKey(model, ['a', 'b'], engine('2'))],
    ['another engine', calibrationKey(model, ['a', 'b'], engine('1', 'other'))],
  ])('is another for %s', (_, other) => expect(other).not.toBe(key));
});

describe('the cache of calibrations', () => {
  const calibration = { ranges: [{ min: -0.1, max: 1 / 3 }] };

  it('gives what was put, number for number, and nothing before', async () => {
    const folder = await tempFolder();
    const cache = new CalibrationCache(folder);
    expect(await cache.get('k')).toBeUndefined();
    await cache.put('k', calibration);
    expect(await new CalibrationCache(folder).get('k')).toEqual(calibration);
    expect(await readdir(path.join(folder, 'calibrations'))).toEqual(['k.json']);
  });

  it('takes a damaged file for none, and replaces it', async () => {
    const folder = await tempFolder();
    const cache = new CalibrationCache(folder);
    await cache.put('k', calibration);
    await writeFile(path.join(folder, 'calibrations', 'k.json'), '{"ranges": [');
    expect(await cache.get('k')).toBeUndefined();
    await cache.put('k', calibration);
    expect(await cache.get('k')).toEqual(calibration);
  });

  it('says so where it cannot be written', async () => {
    const file = path.join(await tempFolder({ file: 'x' }), 'file');
    const error = await kindredErrorOf(() => new CalibrationCache(file).put('k', calibration));
    expect(error.code).toBe('KINDRED_CACHE_UNWRITABLE');
  });
});

it('features of another calibration have another fingerprint', () => {
  const [one, other] = [calibrated(model, { max: 1 }), calibrated(model, { max: 2 })];
  expect(one.fingerprint).toBe(`weights:int8:${calibrationHash({ max: 1 })}`);
  expect(other.fingerprint).not.toBe(one.fingerprint);
});
