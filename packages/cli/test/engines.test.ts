import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { EngineListing } from '@kindred/engines';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { kindred } from './support/kindred.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-engines-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...args: string[]) =>
  kindred(['engines', ...args], { cwd: folder, env: { KINDRED_CACHE: path.join(folder, 'cache') } });

describe('kindred engines list', () => {
  it('says of each engine whether it works, and what to do about one that does not', async () => {
    const { exit, stdout, stderr } = await run('list');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const [header, onnx, tensorflow, reason, hint] = stdout.split('\n');
    expect(header).toMatch(/^ENGINE +WORKS +VERSION +DEVICES +FROM$/);
    expect(onnx).toMatch(/^onnx +yes +\d+\.\d+\.\d+ +cpu.* +npm$/);
    expect(tensorflow).toMatch(/^tensorflow +no /);
    expect([reason, hint]).toEqual([
      '  not installed',
      expect.stringMatching(/^ {2}→ Run "kindred engines install tensorflow"/),
    ]);
  });

  it('says the same as JSON, and gives the reason where an installation does not load', async () => {
    const installed = path.join(folder, 'cache/engines/tensorflow');
    await mkdir(installed, { recursive: true });
    const note = { package: '@tensorflow/tfjs-node', version: '4.22.0', origin: 'a test' };
    await writeFile(path.join(installed, 'installation.json'), JSON.stringify(note));
    const { exit, stdout } = await run('list', '--json');
    const [onnx, tensorflow, ...others] = JSON.parse(stdout) as EngineListing[];
    expect({ exit, others }).toEqual({ exit: 0, others: [] });
    expect(onnx).toMatchObject({ name: 'onnx', works: true, devices: expect.arrayContaining(['cpu']) as string[] });
    expect(tensorflow).toMatchObject({
      works: false,
      devices: [],
      from: '@tensorflow/tfjs-node@4.22.0, a test',
      reason: expect.stringContaining('Cannot find module') as string,
    });
  });
});

describe('kindred engines install', () => {
  it('knows the one engine that can be installed', async () => {
    const { exit, stderr } = await run('install', 'onnx');
    expect(exit).toBe(2);
    expect(stderr).toMatch(/Allowed choices are tensorflow\.\nRun `kindred engines install --help`/);
  });

  it('from a folder that is not there: one clear error, and nothing left behind', async () => {
    const { exit, stdout, stderr } = await run('install', 'tensorflow', '--from', path.join(folder, 'none'));
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(
      /^error To install the engine tensorflow, .*none cannot be read\. \[KINDRED_ENGINE_INSTALL\]\n {2}→ Get a wheel/,
    );
    const left = await readdir(path.join(folder, 'cache'), { recursive: true }).catch(() => []);
    expect(left.filter((name) => name !== 'engines')).toEqual([]);
  });
});
