import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { useTrainedProject } from './support/trained-project.js';

const context = useTrainedProject();

describe('schema', () => {
  it('describes manifests for editors', async () => {
    const { exit, stdout } = await context().run(['schema']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', properties: { data: {}, backbone: {} } });
    expect(stdout).toContain('"small-cnn"');
  });

  it('--out writes a file that holds the same', async () => {
    const { stdout } = await context().run(['schema', 'shapes.json']);
    expect(await context().run(['schema', 'shapes.json', '--out', 'kindred.schema.json'])).toEqual({
      exit: 0,
      stdout: '',
      stderr: '✓ kindred.schema.json\n',
    });
    expect(await readFile(context().project.path('kindred.schema.json'), 'utf8')).toBe(stdout);
    const { exit, stderr } = await context().run(['schema', '--out', 'no/such/folder.json']);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/no\/such\/folder\.json/);
  });
});

describe('plugins', () => {
  it('lists components, those of a plugin in the folder included', async () => {
    await context().project.write(
      'mine.js',
      `import { z } from 'zod';
       export default { name: 'mine', apiVersion: 1, components: [{
         kind: 'loss', name: 'my-loss', version: 2, summary: 'Mine.', options: z.strictObject({}), create: () => (a) => a,
       }] };`,
    );
    const { exit, stdout } = await context().run(['plugins', './mine.js', '--json']);
    expect(exit).toBe(0);
    const list = JSON.parse(stdout) as object[];
    expect(list).toContainEqual({ kind: 'loss', name: 'my-loss', version: 2, plugin: 'mine', summary: 'Mine.' });
    expect(list).toContainEqual(
      expect.objectContaining({ kind: 'backbone', name: 'small-cnn', plugin: '@kindred/backbones' }),
    );
    const table = await context().run(['plugins', './mine.js']);
    expect(table.stdout).toMatch(/^loss +my-loss@2 +mine +Mine\.$/m);
  });
});

describe('doctor', () => {
  it('finds this machine fit', async () => {
    const { exit, stdout } = await context().run(['doctor', '--json']);
    expect(exit).toBe(0);
    const findings = JSON.parse(stdout) as { name: string; status: string }[];
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['node', 'cpu', 'images', 'plugins', 'engine onnx', 'cache', 'weights']),
    );
  });

  it('exits with 1 where something needed does not work, and says what to do', async () => {
    const { exit, stdout } = await context().run(['doctor'], {
      env: { KINDRED_CACHE: context().project.path('shapes.csv', 'cache') },
    });
    expect(exit).toBe(1);
    expect(stdout).toMatch(/^fail {2}cache .*ENOTDIR.*\n +→ export KINDRED_CACHE=/m);
  });
});
