import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import type { EngineComponent } from '@kindred/core';
import engines from '@kindred/engines';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { silentProgress } from '../progress/silent.js';
import { createTextLogger } from '../run/text-logger.js';
import { plainStyle } from '../terminal/style.js';

import { checkCache } from './cache.js';
import { checkCpu } from './cpu.js';
import { checkEngine } from './engine.js';
import { engineContext } from './engine-context.js';
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

describe('an engine', () => {
  const ctx = engineContext({
    plugins: {},
    cacheDir: os.tmpdir(),
    log: createTextLogger('silent', plainStyle, () => undefined),
    progress: silentProgress,
    signal: new AbortController().signal,
  });
  const onnx = engines.components.find(({ name }) => name === 'onnx') as EngineComponent;

  it('computes', async () => {
    const finding = await checkEngine(onnx, ctx);
    expect(finding).toMatchObject({ name: 'engine onnx', status: 'ok' });
    expect(finding.detail).toMatch(/computes, ready in/);
    // What is right on this processor was tried out.
    expect(finding.detail).toMatch(/nchwc (block (8|16)|not available)/);
  });

  it('fails where it does not load, with the hint it gives; others are extras', async () => {
    const broken = (name: string): EngineComponent => ({
      ...onnx,
      name,
      create: () => Promise.reject(Object.assign(new Error('no library'), { hint: 'Install it.' })),
    });
    expect(await checkEngine(broken('onnx'), ctx)).toEqual({
      name: 'engine onnx',
      status: 'fail',
      detail: 'no library',
      fix: 'Install it.',
    });
    expect((await checkEngine(broken('other'), ctx)).status).toBe('warn');
  });

  it('fails where it computes nonsense', async () => {
    const wrong: EngineComponent = {
      ...onnx,
      create: async (options, context) => ({
        ...(await onnx.create(options, context)),
        compile: () =>
          Promise.resolve({
            run: () => Promise.resolve({ y: { dtype: 'float32', shape: [1, 2], data: new Float32Array(2) } as const }),
            readVariables: () => Promise.resolve({}),
            writeVariables: () => Promise.resolve(),
            dispose: () => Promise.resolve(),
          }),
      }),
    };
    expect(await checkEngine(wrong, ctx)).toMatchObject({
      status: 'fail',
      detail: 'it computes [1, 2] W + b = [0, 0] where [17, 30] is right',
    });
  });
});
