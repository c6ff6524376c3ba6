import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkCache } from './cache.js';
import { checkCpu } from './cpu.js';
import { checkImages } from './images.js';
import { checkNode, isAtLeast } from './node.js';
import { checkWeights } from './weights.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kindred-doctor-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['20.19.0', '20.19', true],
  ['20.18.9', '20.19', false],
  ['22.0.0', '20.19', true],
  ['9.30.0', '20.19', false],
])('Node %s is at least %s: %s', (version, needed, expected) => expect(isAtLeast(version, needed)).toBe(expected));

it('an old Node fails with what to install', () => {
  expect(checkNode('18.20.0')).toEqual({
    name: 'node',
    status: 'fail',
    detail: '18.20.0; at least 20.19 is needed',
    fix: 'Install Node 20.19 or newer: https://nodejs.org/en/download, or `nvm install 20.19`.',
  });
});

it('this machine has a processor and decodes images', async () => {
  expect(checkCpu().detail).toMatch(/^\d+ cores? \(.+\), \d+\.\d [MGT]iB/);
  expect(await checkImages()).toMatchObject({ status: 'ok' });
});

describe('the cache', () => {
  it('is made, measured, and left as it was', async () => {
    const cache = path.join(folder, 'cache');
    expect(await checkCache(cache)).toEqual({ name: 'cache', status: 'ok', detail: `${cache}, 0 B` });
    expect(await readdir(cache)).toEqual([]);
  });

  it('fails where it cannot be written', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    const finding = await checkCache(path.join(file, 'cache'));
    expect(finding).toMatchObject({ status: 'fail', fix: expect.stringMatching(/^export KINDRED_CACHE=/) as unknown });
    expect(finding.detail).toMatch(/ENOTDIR/);
  });
});

it('weights that are complete are listed, downloads that have not ended are not', async () => {
  const cache = path.join(folder, 'weights-cache');
  expect((await checkWeights(cache)).status).toBe('warn');
  await mkdir(path.join(cache, 'weights', '.partial~1'), { recursive: true });
  expect((await checkWeights(cache)).status).toBe('warn');
  await mkdir(path.join(cache, 'weights', 'net-1.0.0'));
  await writeFile(path.join(cache, 'weights', 'net-1.0.0', 'data'), 'abc');
  expect(await checkWeights(cache)).toEqual({
    name: 'weights',
    status: 'ok',
    detail: 'net-1.0.0 (3 B); no network is needed',
  });
});
