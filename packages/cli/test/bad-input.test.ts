import { mkdir, rm } from 'node:fs/promises';

import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { drawShape, hugePng } from './support/images.js';
import { kindred, shell, type RunResult } from './support/kindred.js';
import { createProject, MANIFEST, type Project } from './support/project.js';

let project: Project;
let before: string[];
beforeEach(async () => {
  project = await createProject(24);
});
afterEach(() => project.remove());

/** Trains as a user would, with a cache of its own. What lies in the project before is kept for `expectOneError`. */
async function train(env: Record<string, string> = {}): Promise<RunResult> {
  before = await project.list();
  return kindred(['train', 'shapes.json', '--quiet'], {
    cwd: project.dir,
    env: { KINDRED_CACHE: project.path('cache'), ...env },
  });
}

/** One clear error with this code, no result, no stack, nothing left behind but an empty or whole cache. */
async function expectOneError(
  result: RunResult,
  code: string,
  exit: number,
  parts: readonly (string | RegExp)[],
): Promise<void> {
  expect(result.stderr).toContain(`[${code}]`);
  expect(result.stderr.match(/^error /gm)).toHaveLength(1);
  for (const part of parts) expect(result.stderr).toMatch(part);
  expect(result.stderr).not.toMatch(/^\s+at .*:\d+/m);
  expect({ exit: result.exit, stdout: result.stdout }).toEqual({ exit, stdout: '' });
  const after = (await project.list()).filter((name) => !/^cache(\/|$)/.test(name));
  expect(after).toEqual(before.filter((name) => !/^cache(\/|$)/.test(name)));
}

const rows = (...lines: string[]) => `${lines.join('\n')}\n`;

describe('the manifest', () => {
  it('is missing', async () => {
    await rm(project.path('shapes.json'));
    await expectOneError(await train(), 'KINDRED_MANIFEST_UNREADABLE', 2, ['shapes.json']);
  });

  it('is a folder', async () => {
    await rm(project.path('shapes.json'));
    await mkdir(project.path('shapes.json'));
    await expectOneError(await train(), 'KINDRED_MANIFEST_UNREADABLE', 2, ['shapes.json']);
  });

  it('is no JSON', async () => {
    await project.write('shapes.json', '{\n  "kindred": 1,\n  "name" "shapes"\n}\n');
    await expectOneError(await train(), 'KINDRED_MANIFEST_SYNTAX', 2, [/shapes\.json:3:/]);
  });

  it('has several mistakes: all are told, each with its place', async () => {
    await project.manifest({ seed: 'three', brunches: {}, backbone: 'small-cn', training: { epochs: -1 } });
    const result = await train();
    await expectOneError(result, 'KINDRED_MANIFEST_INVALID', 2, ['seed', 'brunches', 'small-cnn', 'epochs']);
    expect(result.stderr.match(/^ {2}\S*shapes\.json:\d+:\d+/gm)).toHaveLength(4);
  });
});

describe('the CSV file', () => {
  it('is missing', async () => {
    await rm(project.path('shapes.csv'));
    await expectOneError(await train(), 'KINDRED_DATA_NOT_FOUND', 1, ['shapes.csv']);
  });

  it('has other columns than the manifest names', async () => {
    await project.write('shapes.csv', rows('name,red,round', '1,0,1'));
    await expectOneError(await train(), 'KINDRED_DATA_COLUMN', 1, ['"id"', 'name']);
  });

  it('has a label that is not among the known ones', async () => {
    await project.write('shapes.csv', rows('id,labels', '1,red', '2,rde', '3,round'));
    const labels = { column: 'labels', format: 'list', known: ['red', 'round'] };
    await project.manifest({ data: { ...MANIFEST.data, labels } });
    await expectOneError(await train(), 'KINDRED_DATA_LABEL', 1, ['rde', 'red']);
  });

  it('has no rows', async () => {
    await project.write('shapes.csv', rows('id,red,round'));
    await expectOneError(await train(), 'KINDRED_DATA_EMPTY', 1, ['shapes.csv']);
  });

  it('is empty', async () => {
    await project.write('shapes.csv', '');
    await expectOneError(await train(), 'KINDRED_DATA_EMPTY', 1, ['shapes.csv']);
  });

  it('has one label, which every image carries', async () => {
    await project.write('shapes.csv', rows('id,red', ...Array.from({ length: 24 }, (_, i) => `${i},1`)));
    await expectOneError(await train(), 'KINDRED_DATA_ONE_LABEL', 1, ['red']);
  });

  it('has images of both labels, or of none, where they exclude each other', async () => {
    const lines = Array.from({ length: 24 }, (_, i) => (i < 2 ? `${i},${i},${i}` : `${i},${i % 2},${(i + 1) % 2}`));
    await project.write('shapes.csv', rows('id,red,green', ...lines));
    await project.manifest({ head: 'binary' });
    await expectOneError(await train(), 'KINDRED_DATA_EXCLUSIVE', 1, [/0 \(no label\), 1 \(red and green\)/]);
  });

  it('has a label that no image carries', async () => {
    await project.write('shapes.csv', rows('id,red,green', ...Array.from({ length: 24 }, (_, i) => `${i},${i % 2},0`)));
    await expectOneError(await train(), 'KINDRED_DATA_NO_POSITIVES', 1, ['green']);
  });
});

describe('an image', () => {
  it('is missing', async () => {
    await rm(project.path('images/7.png'));
    await expectOneError(await train(), 'KINDRED_IMAGE_UNREADABLE', 1, [/images\/7\.png/]);
  });

  it.each([
    ['is empty', () => Buffer.alloc(0), 'KINDRED_IMAGE_EMPTY'],
    ['is no image', () => Buffer.from('<html>404 Not Found</html>'), 'KINDRED_IMAGE_CORRUPT'],
    [
      'is cut off',
      async () => (await drawShape(7, { red: true, round: true })).subarray(0, 120),
      'KINDRED_IMAGE_CORRUPT',
    ],
    ['says it has 3.6 gigapixels', () => hugePng(60_000), 'KINDRED_IMAGE_TOO_LARGE'],
    ['has more pixels than the limit', () => big(), 'KINDRED_IMAGE_TOO_LARGE'],
  ] as const)('%s', async (_, make, code) => {
    await project.write('images/7.png', await make());
    await expectOneError(await train(), code, 1, [/images\/7\.png/]);
  });

  it('is a folder', async () => {
    await rm(project.path('images/7.png'));
    await mkdir(project.path('images/7.png'));
    await expectOneError(await train(), 'KINDRED_IMAGE_UNREADABLE', 1, [/images\/7\.png/]);
  });
});

/** A whole PNG, well packed, of 400 megapixels. */
const big = () =>
  sharp({ create: { width: 20_000, height: 20_000, channels: 3, background: 'red' }, limitInputPixels: false })
    .png({ compressionLevel: 1 })
    .toBuffer();

describe('a plugin', () => {
  const plugins = [...MANIFEST.plugins, './plugin.js'];
  const plugin = (component: string) => `
    import { z } from 'zod';
    export default { name: 'broken', apiVersion: 1, components: [{
      version: 1, summary: 'Breaks.', options: z.strictObject({}), ${component}
    }] };`;

  it('is not installed', async () => {
    await project.manifest({ plugins: [...MANIFEST.plugins, 'kindred-nowhere'] });
    await expectOneError(await train(), 'KINDRED_PLUGIN_NOT_FOUND', 2, [
      'kindred-nowhere',
      'npm install kindred-nowhere',
    ]);
  });

  it('throws when it is imported', async () => {
    await project.write('plugin.js', `/* apiVersion: 1 */ throw new TypeError('cannot start');`);
    await project.manifest({ plugins });
    await expectOneError(await train(), 'KINDRED_PLUGIN_FAILED', 2, ['./plugin.js', 'cannot start']);
  });

  it('throws when it creates a backbone', async () => {
    await project.write(
      'plugin.js',
      plugin(`kind: 'backbone', name: 'bad', create: async () => { throw new TypeError('no weights'); }`),
    );
    await project.manifest({ plugins, backbone: 'bad' });
    await expectOneError(await train(), 'KINDRED_PLUGIN_FAILED', 1, ['bad', 'no weights']);
  });

  it('throws when it creates a head', async () => {
    await project.write(
      'plugin.js',
      plugin(
        `kind: 'head', name: 'bad', tags: { multiLabel: true }, create: () => { throw new TypeError('no head'); }`,
      ),
    );
    await project.manifest({ plugins, head: 'bad' });
    await expectOneError(await train(), 'KINDRED_PLUGIN_FAILED', 1, ['bad', 'no head']);
  });

  it('throws when it is fitted', async () => {
    const source = `kind: 'transform', name: 'bad', fit: async () => { throw new TypeError('no fit'); }, apply: (_, x) => x`;
    await project.write('plugin.js', plugin(source));
    await project.write('frozen.js', FROZEN_BACKBONE);
    const { head, ...rest } = MANIFEST;
    const branches = { shapes: { transforms: ['bad'], head } };
    await project.write(
      'shapes.json',
      JSON.stringify({ ...rest, plugins: [...plugins, './frozen.js'], backbone: 'mean-colour', branches }),
    );
    await expectOneError(await train(), 'KINDRED_PLUGIN_FAILED', 1, ['bad', 'no fit']);
  });
});

/** A backbone whose features are stored: the mean colour of an image. */
const FROZEN_BACKBONE = `
  import { z } from 'zod';
  import { div, mean } from '@tensorflow/tfjs-core';
  const network = { init: () => ({}), forward: (weights, x) => div(mean(x, [1, 2]), 255) };
  const input = { width: 16, height: 16, channels: 3, resize: 'stretch' };
  const model = { input, features: 3, trainable: false, fingerprint: 'mean-colour-1', network };
  export default { name: 'frozen', apiVersion: 1, components: [{
    kind: 'backbone', name: 'mean-colour', version: 1, summary: 'The mean colour.',
    options: z.strictObject({}), create: async () => model,
  }] };`;

describe('the cache', () => {
  beforeEach(async () => {
    await project.write('frozen.js', FROZEN_BACKBONE);
    await project.manifest({ plugins: [...MANIFEST.plugins, './frozen.js'], backbone: 'mean-colour' });
  });

  it('lies where no folder can be made', async () => {
    await project.write('file', '');
    await expectOneError(
      await train({ KINDRED_CACHE: project.path('file', 'cache') }),
      'KINDRED_STORE_UNAVAILABLE',
      1,
      [/file\/cache/],
    );
  });

  it.runIf(process.platform === 'linux')('lies in a file system that nobody can write', async () => {
    await expectOneError(await train({ KINDRED_CACHE: '/sys/kindred' }), 'KINDRED_STORE_UNAVAILABLE', 1, [
      '/sys/kindred',
    ]);
  });

  it.runIf(process.platform === 'linux')('has no room left', async () => {
    before = await project.list();
    // A limit on the size of files is what a full disk is to a program: writes fall short and then fail.
    const result = await shell('ulimit -f 8; kindred train shapes.json --quiet', {
      cwd: project.dir,
      env: { KINDRED_CACHE: project.path('cache') },
    });
    await expectOneError(result, 'KINDRED_STORE_FULL', 1, [/cache/]);
  });
});

describe('the folder for the bundle', () => {
  it('holds something else: it is left alone', async () => {
    await mkdir(project.path('runs', 'shapes'), { recursive: true });
    await project.write('runs/shapes/thesis.txt', 'precious');
    await expectOneError(await train(), 'KINDRED_BUNDLE_EXISTS', 2, [/runs\/shapes/]);
  });

  it('cannot be made', async () => {
    await project.write('runs', 'a file');
    await expectOneError(await train(), 'KINDRED_BUNDLE_UNWRITABLE', 1, [/runs/]);
  });
});
