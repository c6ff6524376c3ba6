import { describe, expect, it } from 'vitest';

import { jsonLines, linesOf, useTrainedProject } from './support/trained-project.js';

const context = useTrainedProject();

describe('predict', () => {
  const line = /^images\/\d+\.png\t\S+\t[+-](?:red|round) [01]\.\d{3}\t[+-](?:red|round) [01]\.\d{3}$/;

  it('prints a line for each image of a folder, in the order of the names', async () => {
    const { exit, stdout } = await context().run(['predict', 'runs/shapes', 'images']);
    expect(exit).toBe(0);
    const lines = linesOf(stdout);
    expect(lines).toHaveLength(40);
    for (const text of lines) expect(text).toMatch(line);
    const images = lines.map((text) => text.split('\t')[0]);
    expect(images).toEqual([...images].sort());
  });

  it('files, patterns and standard input give the same, in the order of the inputs', async () => {
    const { stdout } = await context().run(
      ['predict', 'runs/shapes', 'images/3.png', 'images/1?.png', '-', '--json', '--quiet'],
      {
        stdin: 'images/5.png\r\nimages/4.png\n',
      },
    );
    const order = jsonLines(stdout).map(({ image }) => image);
    const tens = Array.from({ length: 10 }, (_, i) => `images/1${i}.png`);
    expect(order).toEqual(['images/3.png', ...tens, 'images/5.png', 'images/4.png']);
    const alone = await context().run(['predict', 'runs/shapes', 'images/4.png', '--json', '--quiet']);
    // Other images in the batch may change the order of sums in the last digits.
    const { branches } = jsonLines(stdout).at(-1) as {
      branches: Record<string, { labels: { label: string; score: number }[] }>;
    };
    const { branches: same } = jsonLines(alone.stdout)[0] as { branches: typeof branches };
    for (const [name, { labels }] of Object.entries(branches)) {
      expect(same[name]?.labels.map(({ label }) => label)).toEqual(labels.map(({ label }) => label));
      labels.forEach(({ score }, i) => expect(same[name]?.labels[i]?.score).toBeCloseTo(score, 5));
    }
  });

  it('--stdin is the same as -', async () => {
    const stdin = 'images/1.png\nimages/2.png\n';
    const dash = await context().run(['predict', 'runs/shapes', '-', '--quiet'], { stdin });
    expect(await context().run(['predict', 'runs/shapes', '--stdin', '--quiet'], { stdin })).toEqual(dash);
    expect(linesOf(dash.stdout)).toHaveLength(2);
  });

  it('--top cuts the list of labels', async () => {
    const { stdout } = await context().run([
      'predict',
      'runs/shapes',
      'images/1.png',
      '--top',
      '1',
      '--json',
      '--quiet',
    ]);
    const [prediction] = jsonLines(stdout) as { branches: Record<string, { kind: string; labels: object[] }> }[];
    for (const { labels } of Object.values(prediction?.branches ?? {})) {
      expect(labels).toHaveLength(1);
      expect(Object.keys(labels[0] ?? {})).toEqual(['label', 'score', 'threshold', 'chosen']);
    }
  });

  it('survives bad images: names them, goes on, and fails only if none could be read or --strict asks', async () => {
    await context().project.write('empty.png', '');
    const inputs = ['empty.png', 'images/1.png', 'gone.png', 'images/2.png'];
    const some = await context().run(['predict', 'runs/shapes', ...inputs, '--json', '--quiet']);
    expect(some.exit).toBe(0);
    expect(
      jsonLines(some.stdout).map(({ image, error }) => [image, (error as { code?: string } | undefined)?.code]),
    ).toEqual([
      ['empty.png', 'KINDRED_IMAGE_EMPTY'],
      ['images/1.png', undefined],
      ['gone.png', 'KINDRED_IMAGE_UNREADABLE'],
      ['images/2.png', undefined],
    ]);
    expect(linesOf(some.stderr)).toEqual([
      expect.stringMatching(/^error .*empty\.png/),
      expect.stringMatching(/^error .*gone\.png/),
    ]);
    expect((await context().run(['predict', 'runs/shapes', ...inputs, '--strict'])).exit).toBe(1);
    expect((await context().run(['predict', 'runs/shapes', 'empty.png', 'gone.png'])).exit).toBe(1);
  });

  it('ends quietly where its reader has enough', async () => {
    const { exit, stdout, stderr } = await context().inShell(
      'kindred predict runs/shapes images images images --quiet | head -n 1; exit ${PIPESTATUS[0]}',
    );
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(linesOf(stdout)).toHaveLength(1);
  });

  it('a full disk below standard output is an error', async () => {
    const { exit, stderr } = await context().inShell('kindred predict runs/shapes images --quiet > /dev/full');
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^error .*ENOSPC.* \[KINDRED_OUTPUT_UNWRITABLE\]$/m);
    expect(stderr.match(/^error /gm)).toHaveLength(1);
  });
});
