import { readFile } from 'node:fs/promises';

import { checkManifest, train, type Host } from '@kindred/core/host';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { BUILT_IN_PLUGINS } from '../src/host.js';

import { testHost } from './support/host.js';
import { kindred } from './support/kindred.js';
import { createProject, MANIFEST, type Project } from './support/project.js';

let project: Project;
beforeAll(async () => (project = await createProject(24)));
afterAll(() => project.remove());

const changes = [
  'horizontal-flip',
  { use: 'rotation', degrees: 20 },
  'crop',
  { use: 'brightness', factor: 0.3 },
  'cutout',
  'mixup',
];
const withAugmentation = (augmentation: readonly unknown[], others: Record<string, unknown> = {}) =>
  project.manifest({ training: { ...MANIFEST.training, augmentation }, ...others });

/** The weights of the bundle that this host trains, and the losses on its way. */
async function trained(host: Partial<Host> = {}) {
  const out = project.path('runs/host');
  const full = { ...testHost(project.path('cache')), ...host };
  const { history } = await train(await checkManifest(project.path('shapes.json'), full), { out }, full);
  return { history, weights: await readFile(project.path('runs/host/state/pipeline.safetensors')) };
}

const pluginUrls = Object.fromEntries(BUILT_IN_PLUGINS.map((name) => [name, import.meta.resolve(name)]));

it('gives the same bundle with worker threads, without, and in the command; another than without augmentation', async () => {
  await withAugmentation(changes);
  const here = await trained();
  expect(await trained({ pluginUrls })).toEqual(here);
  // It was threads that loaded the plugin from there.
  const nowhere = { ...pluginUrls, '@kindred/backbones': 'data:text/javascript,throw new Error("nowhere")' };
  await expect(trained({ pluginUrls: nowhere })).rejects.toThrow(/must load in worker threads too\..* nowhere$/);
  const run = await kindred(['train', 'shapes.json', '--quiet', '--out', 'runs/command'], { cwd: project.dir });
  expect(run).toMatchObject({ exit: 0, stderr: '' });
  expect(await readFile(project.path('runs/command/state/pipeline.safetensors'))).toEqual(here.weights);

  await withAugmentation([]);
  const plain = await trained();
  expect(plain.history).not.toEqual(here.history);
});

it('takes augmentations of a file beside the manifest', async () => {
  await project.write(
    'invert.mjs',
    `import { defineAugmentation, definePlugin, uint8 } from '@kindred/core';
     import { z } from 'zod';
     const invert = defineAugmentation({
       name: 'invert', version: 1, summary: 'Negatives.', options: z.strictObject({}),
       apply: (_, { shape, data }, random) => uint8(shape, random.next() < 0.5 ? data.map((v) => 255 - v) : data.slice()),
     });
     export default definePlugin({ name: 'invert', apiVersion: 1, components: [invert] });`,
  );
  await withAugmentation(['invert'], { plugins: [...MANIFEST.plugins, './invert.mjs'] });
  const run = await kindred(['train', 'shapes.json', '--quiet', '--out', 'runs/invert'], { cwd: project.dir });
  expect(run).toMatchObject({ exit: 0, stderr: '' });
});

it('tells of a plugin that throws in a thread, and ends', async () => {
  await project.write(
    'broken.mjs',
    `import { z } from 'zod';
     const apply = () => { throw new TypeError('no pixel 7'); };
     const broken = { kind: 'augmentation', name: 'broken', version: 1, summary: 'Breaks.', options: z.strictObject({}), apply };
     export default { name: 'broken-plugin', apiVersion: 1, components: [broken] };`,
  );
  await withAugmentation(['broken'], { plugins: [...MANIFEST.plugins, './broken.mjs'] });
  const run = await kindred(['train', 'shapes.json', '--quiet'], { cwd: project.dir });
  expect(run.exit).toBe(1);
  expect(run.stderr).toContain(
    'The augmentation broken of broken-plugin must not throw. It did in "apply": no pixel 7',
  );
});

it('is refused where the backbone is frozen, before anything is computed', async () => {
  await project.write(
    'frozen.mjs',
    `import { defineBackbone, definePlugin } from '@kindred/core';
     import { z } from 'zod';
     const never = () => { throw new Error('computed'); };
     const create = async () => ({ input: { width: 8, height: 8, channels: 3, resize: 'stretch' }, features: 2, trainable: false,
       fingerprint: 'x', network: { init: never, forward: never } });
     export default definePlugin({ name: 'frozen', apiVersion: 1, components: [defineBackbone({
       name: 'frozen', version: 1, summary: 'Frozen.', options: z.strictObject({}), create })] });`,
  );
  const plugins = [...MANIFEST.plugins, './frozen.mjs'];
  await withAugmentation(['crop'], { plugins, backbone: 'frozen' });
  const run = await kindred(['train', 'shapes.json', '--quiet'], { cwd: project.dir });
  expect(run.exit).toBe(2);
  expect(run.stderr).toContain('Augmentation needs a backbone that is trained');
  expect(run.stderr).toContain('Leave "augmentation" out, or use a backbone that is trained, such as small-cnn.');
});

it('by mixing is refused for heads that relate whole images', async () => {
  await project.write(
    'relating.mjs',
    `import { definePlugin } from '@kindred/core';
     import heads from '@kindred/heads';
     const head = heads.components.find(({ name }) => name === 'multi-label');
     const relating = { ...head, name: 'relating', create: (...given) => ({ ...head.create(...given), splittable: false }) };
     export default definePlugin({ name: 'relating', apiVersion: 1, components: [relating] });`,
  );
  const others = { plugins: [...MANIFEST.plugins, './relating.mjs'], head: 'relating' };
  await withAugmentation(['crop', 'mixup'], others);
  const run = await kindred(['train', 'shapes.json', '--quiet'], { cwd: project.dir });
  expect(run.exit).toBe(2);
  expect(run.stderr).toContain('The augmentation mixup mixes images and their labels');
});
