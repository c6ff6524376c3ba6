import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { zipOf } from '../../../test/zip-of.js';

import { buildBinding, findCompiler } from './build-binding.js';
import { gist, runCommand } from './command.js';
import { LIBRARIES, openLibtensorflow } from './libtensorflow.js';
import { replaceFolder } from './replace-folder.js';

const { signal } = new AbortController();
const progress = { start: () => ({ advance: () => undefined, end: () => undefined }) };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-install-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const inside = (...names: string[]) => path.join(folder, ...names);

async function write(name: string, text = ''): Promise<string> {
  await mkdir(path.dirname(inside(name)), { recursive: true });
  await writeFile(inside(name), text);
  return inside(name);
}

const open = (from: string) =>
  openLibtensorflow(from, { lib: inside('lib'), scratch: inside('scratch') }, { progress, signal });

/** What a wheel holds of what is needed, and of what is not. */
const CONTENT = {
  'tensorflow/libtensorflow_cc.so.2': 'the library'.repeat(1000),
  'tensorflow/libtensorflow_framework.so.2': 'its framework',
  'tensorflow/include/tensorflow/c/c_api.h': '#pragma once',
  'tensorflow/include/tensorflow/c/eager/c_api.h': '#pragma once',
  'tensorflow/include/xla/tsl/c/tsl_status.h': '#pragma once',
  'tensorflow/include/external/llvm/big.h': '#pragma once',
  'tensorflow/python/module.py': 'pass',
};

describe('a TensorFlow to install from', () => {
  it('that does not exist', async () => {
    await expect(open(inside('none.whl'))).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_INSTALL',
      message: expect.stringContaining('none.whl cannot be read') as string,
      hint: expect.stringContaining('pip download') as string,
    });
  });

  it('a folder that lacks files: all of them are named', async () => {
    await write('tf/libtensorflow_framework.so.2');
    await expect(open(inside('tf'))).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_INSTALL',
      message: expect.stringMatching(/It lacks libtensorflow_cc\.so\.2, include\/tensorflow\/c\/c_api\.h\.$/) as string,
    });
  });

  it.each(['.', 'tensorflow'])('a whole folder, its files in %s: they stay where they are', async (root) => {
    for (const name of LIBRARIES) await write(path.join('tf', root, name));
    await write(path.join('tf', root, 'include/tensorflow/c/c_api.h'));
    const libraries = inside('tf', root).replace(/\/$/, '');
    const found = await open(inside('tf'));
    expect(found).toEqual({ libraries, include: path.join(libraries, 'include'), inPlace: true });
    expect((await readdir(folder)).sort()).toEqual(['tf']);
  });

  it('a wheel: the libraries and the headers that are needed are unpacked, nothing else', async () => {
    const wheel = inside('tf.whl');
    await writeFile(wheel, zipOf(CONTENT));
    expect(await open(wheel)).toMatchObject({ libraries: inside('lib'), inPlace: false });
    const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
    expect(files.sort()).toEqual([
      'lib/libtensorflow_cc.so.2',
      'lib/libtensorflow_framework.so.2',
      'scratch/include/tensorflow/c/c_api.h',
      'scratch/include/tensorflow/c/eager/c_api.h',
      'scratch/include/xla/tsl/c/tsl_status.h',
      'tf.whl',
    ]);
    expect(await readFile(inside('lib/libtensorflow_cc.so.2'), 'utf8')).toBe(
      CONTENT['tensorflow/libtensorflow_cc.so.2'],
    );
  });

  it('a wheel of another package', async () => {
    const wheel = inside('numpy.whl');
    await writeFile(wheel, zipOf({ 'numpy/__init__.py': '' }));
    await expect(open(wheel)).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_INSTALL',
      message: expect.stringContaining('It lacks libtensorflow_cc.so.2') as string,
    });
  });

  it('a file that is no wheel', async () => {
    await expect(open(await write('tf.whl', 'no zip file'))).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_INSTALL',
      message: expect.stringContaining('must be a whole wheel of TensorFlow') as string,
    });
  });

  it('a wheel of which a download kept half', async () => {
    const bytes = zipOf(CONTENT);
    await writeFile(inside('tf.whl'), bytes.subarray(0, bytes.length / 2));
    await expect(open(inside('tf.whl'))).rejects.toMatchObject({ code: 'KINDRED_ENGINE_INSTALL' });
  });

  it('a wheel with a byte that changed', async () => {
    const bytes = zipOf(CONTENT);
    const place = bytes.indexOf('its framework');
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    await writeFile(inside('tf.whl'), bytes);
    await expect(open(inside('tf.whl'))).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_INSTALL',
      message: expect.stringContaining('libtensorflow_framework.so.2 does not match its checksum') as string,
    });
  });

  it('stops when it is told to', async () => {
    await writeFile(inside('tf.whl'), zipOf(CONTENT));
    const controller = new AbortController();
    const told = { start: () => ({ advance: () => controller.abort(new Error('stop')), end: () => undefined }) };
    const folders = { lib: inside('lib'), scratch: inside('scratch') };
    const opened = openLibtensorflow(inside('tf.whl'), folders, { progress: told, signal: controller.signal });
    await expect(opened).rejects.toThrow('stop');
  });
});

describe('building the binding', () => {
  const build = async () =>
    buildBinding({
      compiler: await findCompiler(signal),
      package: folder,
      nodeHeaders: inside('node'),
      libtensorflow: { libraries: inside('lib'), include: inside('include'), inPlace: true },
      signal,
    });

  it('without a compiler says what to install', async () => {
    vi.stubEnv('PATH', inside('nothing'));
    vi.stubEnv('CXX', '');
    await expect(build()).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_INSTALL',
      message: expect.stringContaining('g++ did not start') as string,
      hint: expect.stringContaining('apt install build-essential') as string,
    });
  });

  it('takes the compiler that CXX names, and says what it said', async () => {
    const compiler = await write('compiler', '#!/bin/sh\necho "$@"\necho "a.cc:1: error: no such type"\nexit 1\n');
    await chmod(compiler, 0o755);
    vi.stubEnv('CXX', compiler);
    await expect(build()).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_INSTALL',
      message: expect.stringContaining('The compiler said: a.cc:1: error: no such type') as string,
      cause: expect.objectContaining({ message: expect.stringContaining('-std=c++17') as string }) as Error,
    });
  });
});

describe('putting a folder in its place', () => {
  it('takes the place of the older one once it is whole', async () => {
    await write('engines/tf/old');
    await replaceFolder(inside('engines/tf'), (staging) => writeFile(path.join(staging, 'new'), ''));
    expect(await readdir(inside('engines'), { recursive: true })).toEqual(['tf', 'tf/new']);
  });

  it('leaves the older one as it was, and nothing else, where filling fails', async () => {
    await write('engines/tf/old');
    const filled = replaceFolder(inside('engines/tf'), async (staging) => {
      await writeFile(path.join(staging, 'new'), '');
      throw new Error('interrupted');
    });
    await expect(filled).rejects.toThrow('interrupted');
    expect(await readdir(inside('engines'), { recursive: true })).toEqual(['tf', 'tf/old']);
  });

  it('removes what a process that died left behind, and nothing of one that lives', async () => {
    // No process has the greatest number there is.
    await write(`engines/.tf-${2 ** 31 - 1}-aa/half`);
    await write(`engines/.tf-${process.ppid}-bb/half`);
    await replaceFolder(inside('engines/tf'), () => Promise.resolve());
    expect((await readdir(inside('engines'))).sort()).toEqual([`.tf-${process.ppid}-bb`, 'tf']);
  });
});

describe('running a command', () => {
  it('gives its output and whether it succeeded', async () => {
    const args = ['--no-warnings', '-e', 'console.log("out"); console.error("err"); process.exitCode = 3'];
    const { ok, output } = await runCommand(process.execPath, args, { cwd: folder, signal });
    expect({ ok, lines: output.split('\n').sort() }).toEqual({ ok: false, lines: ['', 'err', 'out'] });
  });

  it('ends it when it is told to', async () => {
    const controller = new AbortController();
    const run = runCommand(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], {
      cwd: folder,
      signal: controller.signal,
    });
    controller.abort(new Error('stop'));
    await expect(run).rejects.toThrow('stop');
  });

  it.each([
    ['x\na.cc:1: error: bad\ny', 'a.cc:1: error: bad'],
    ['one\ntwo\nthree\nfour\n', 'two; three; four'],
    ['', 'it said nothing'],
  ])('%j comes down to %j', (output, expected) => expect(gist(output)).toBe(expected));
});
