import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { useTrainedProject } from './support/trained-project.js';

const context = useTrainedProject();

describe('check', () => {
  it('prints the filled manifest, which fills to itself', async () => {
    const first = await context().run(['check', 'shapes.json']);
    expect(first).toMatchObject({ exit: 0, stderr: '✓ shapes.json has no mistakes.\n' });
    await context().project.write('filled.json', first.stdout);
    expect((await context().run(['check', 'filled.json'])).stdout).toBe(first.stdout);
  });

  it('--json prints path and manifest; mistakes as one error object', async () => {
    const good = await context().run(['check', 'shapes.json', '--json']);
    expect(Object.keys(JSON.parse(good.stdout) as object)).toEqual(['path', 'manifest']);
    await context().project.write('bad.json', '{ "kindred": 1, "nmae": "x" }');
    const bad = await context().run(['check', 'bad.json', '--json']);
    const { error } = JSON.parse(bad.stdout) as { error: { code: string; issues: { code: string }[] } };
    expect({ exit: bad.exit, code: error.code }).toEqual({ exit: 2, code: 'KINDRED_MANIFEST_INVALID' });
    expect(error.issues.length).toBeGreaterThan(1);
  });
});

describe('train', () => {
  it('ends with a summary on standard output and progress in plain lines on standard error', () => {
    expect(context().trained.exit).toBe(0);
    expect(context().trained.stdout).toMatch(/^data {4}40 images, 2 labels \(\d+ train, \d+ validation, \d+ test\)$/m);
    expect(context().trained.stdout).toMatch(/^ {2}metric +value +interval +floor +reached by$/m);
    expect(context().trained.stdout).toMatch(/^ {2}label +images +trained on/m);
    expect(context().trained.stdout).toMatch(/^bundle {2}runs\/shapes$/m);
    expect(context().trained.stdout).toMatch(/\nNext: kindred predict runs\/shapes <images or folders>\n$/);
    expect(context().trained.stderr).toMatch(/: started\n/);
    expect(context().trained.stdout + context().trained.stderr).not.toContain('\u001b');
  });

  it('--json prints the same keys each time, and the same values for the same seed', async () => {
    const runs = [
      await context().run(['train', 'shapes.json', '--quiet', '--json', '--out', 'a']),
      await context().run(['train', 'shapes.json', '--quiet', '--json', '--out', 'a']),
    ];
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]?.stderr).toBe('');
    const result = JSON.parse(runs[0]?.stdout ?? '') as { data: object };
    expect(Object.keys(result)).toEqual([
      'bundle',
      'data',
      'features',
      'precision',
      'search',
      'evaluations',
      'history',
      'notes',
    ]);
    expect(result).toMatchObject({
      bundle: context().project.path('a'),
      data: { samples: 40, labels: ['red', 'round'], skipped: [] },
    });
  });

  it('replaces a bundle that lies there', async () => {
    const again = await context().run(['train', 'shapes.json', '--quiet']);
    expect({ exit: again.exit, stderr: again.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(again.stdout).toBe(context().trained.stdout);
  });
});

describe('evaluate', () => {
  it('measures the test part again: the values of the training run', async () => {
    const { exit, stdout } = await context().run(['evaluate', 'runs/shapes', '--json']);
    const metrics = JSON.parse(await readFile(context().project.path('runs/shapes/metrics.json'), 'utf8')) as object;
    expect(exit).toBe(0);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['samples', 'skipped', 'evaluations']);
    expect(JSON.stringify(metrics)).toContain(
      JSON.stringify(Object.values((JSON.parse(stdout) as { evaluations: object }).evaluations)[0]),
    );
  });

  it('measures other data', async () => {
    await context().project.write('other.csv', 'id,red,round\n0,1,1\n1,0,1\n2,1,0\n3,0,0\n');
    const { exit, stdout } = await context().run(['evaluate', 'runs/shapes', '--data', 'other.csv']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^data {2}4 images$/m);
  });

  it('of a folder that is no bundle is wrong usage', async () => {
    const { exit, stderr } = await context().run(['evaluate', 'images']);
    expect(exit).toBe(2);
    expect(stderr).toContain('[KINDRED_BUNDLE_NOT_FOUND]');
  });
});
