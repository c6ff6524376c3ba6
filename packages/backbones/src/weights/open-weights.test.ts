import { mkdir, mkdtemp, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { recordedContext } from '../../test/fetch-context.js';
import { filesOf, smallResnet, weightsOf } from '../../test/small-resnet.js';
import { integrityOf, packTarball } from '../../test/tarball.js';

import { modelHash, openWeights } from './open-weights.js';
import type { PublishedPackage } from './published-package.js';

const model = await smallResnet();
const files = await filesOf(model, 1000);
const tarball = packTarball({
  'package.json': '{"name":"tiny-weights","version":"1.2.3"}',
  ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`net/${path}`, content])),
});
const published: PublishedPackage = {
  name: 'tiny-weights',
  version: '1.2.3',
  integrity: integrityOf(tarball),
  bytes: tarball.length,
  model: 'net',
  sha256: 'published',
};

let folder: string;
const write = async (path: string): Promise<void> => {
  await mkdir(join(folder, path), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, path, name), content);
};
const open = (option: string, of = published) =>
  openWeights(option, of, recordedContext(folder, join(folder, 'cache')));

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'kindred-weights-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('openWeights', () => {
  it.each([
    ['the folder of model.json', 'mine', 'mine'],
    ['an unpacked package', 'mine', 'mine/net'],
    ['the folder a package was unpacked in', 'mine', 'mine/package/net'],
  ])('reads %s, with all weights as views of one buffer', async (_case, option, path) => {
    await write(path);
    const { weights, buffer, sha256, source } = await open(option);
    const expected = weightsOf(model);
    expect(Object.keys(weights).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, { shape, data }] of Object.entries(weights)) {
      expect(shape).toEqual(expected[name]?.shape);
      expect(data).toEqual(expected[name]?.dataSync());
      expect(data.buffer).toBe(buffer.buffer);
    }
    expect(source).toBe(`sha256:${sha256}`);
  });

  it('takes a tarball of the published package', async () => {
    await writeFile(join(folder, 'w.tgz'), tarball);
    const { weights, source, sha256 } = await open('w.tgz');
    expect(Object.keys(weights)).toHaveLength(model.weights.length);
    expect({ source, sha256 }).toEqual({ source: 'npm:tiny-weights@1.2.3', sha256: 'published' });
  });

  it('knows the published weights by their content, wherever they lie', async () => {
    await write('mine');
    const sha256 = modelHash(await open('mine'));
    expect(await open('mine', { ...published, sha256 })).toMatchObject({ sha256, source: 'npm:tiny-weights@1.2.3' });
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['the path does not exist', () => rm(join(folder, 'mine'), { recursive: true }), /it cannot be read: ENOENT/],
    [
      'there is no model.json',
      () => unlink(join(folder, 'mine/model.json')),
      /no model\.json in it, nor in its folder net/,
    ],
    ['model.json is not JSON', () => writeFile(join(folder, 'mine/model.json'), '{'), /tfjs layers model/],
    ['model.json is something else', () => writeFile(join(folder, 'mine/model.json'), '{"a":1}'), /modelTopology/],
    ['a shard is missing', () => unlink(join(folder, 'mine/group1-shard2of5.bin')), /shard2of5\.bin.* cannot be read/],
    [
      'a shard is short',
      () => truncate(join(folder, 'mine/group1-shard2of5.bin'), 10),
      /shard2of5\.bin has 10 bytes, .*1of5\.bin has 1000/,
    ],
    [
      'a shard lies elsewhere',
      () =>
        writeFile(
          join(folder, 'mine/model.json'),
          (files['model.json'] as string).replace('group1-shard2of5.bin', '../../secret'),
        ),
      /must lie beside model\.json/,
    ],
    [
      'weights are quantized',
      () =>
        writeFile(
          join(folder, 'mine/model.json'),
          (files['model.json'] as string).replace('"dtype":"float32"}', '"dtype":"float32","quantization":{}}'),
        ),
      /quantization/,
    ],
  ])('says so if %s', async (_case, damage, message) => {
    await write('mine');
    await damage();
    await expect(open('mine')).rejects.toMatchObject({
      code: 'KINDRED_WEIGHTS_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });

  it('does nothing after an abort', async () => {
    const ctx = recordedContext(folder, join(folder, 'cache'));
    const reason = new Error('stop');
    ctx.abort(reason);
    await expect(openWeights('imagenet', published, ctx)).rejects.toBe(reason);
  });
});
