import { expect, it } from 'vitest';

import { createPlainProgress } from './plain.js';

/** Progress with a clock that the test moves. */
function plain() {
  let time = 0;
  const lines: string[] = [];
  const progress = createPlainProgress(
    (line) => lines.push(line),
    () => time,
    new AbortController().signal,
  );
  return { progress, lines, pass: (seconds: number) => (time += seconds) };
}

it('writes a line at the start, one about every ten seconds, one at the end', () => {
  const { progress, lines, pass } = plain();
  const step = progress.start({ name: 'features', total: 400, unit: 'images' });
  for (let i = 0; i < 40; i++) {
    pass(0.625);
    step.advance(10);
  }
  step.end();
  expect(lines).toEqual([
    'features: started',
    'features: 160/400 images, 40 %, 16.0/s, 15 s left',
    'features: 320/400 images, 80 %, 16.0/s, 5.0 s left',
    'features: 400 images in 25 s, 16.0/s',
  ]);
});

it('does not fill a log with the steps inside of a step', () => {
  const { progress, lines, pass } = plain();
  const outer = progress.start({ name: 'train', total: 3, unit: 'epochs' });
  for (let epoch = 0; epoch < 3; epoch++) {
    const inner = progress.start({ name: 'batches', total: 2 });
    pass(3);
    inner.advance(1);
    pass(3);
    inner.advance(1);
    inner.end();
    outer.advance(1, `loss 0.${9 - epoch}`);
  }
  outer.end();
  expect(lines).toEqual([
    'train: started',
    'train: 1/3 epochs, 33 %, 6.0 s each, 12 s left, loss 0.9 > batches: 2/2, 100 %, 3.0 s each',
    'train: 3 epochs in 18 s, 6.0 s each, loss 0.7',
  ]);
});

it('tells time where no total is known, and amounts of bytes as such', () => {
  const { progress, lines, pass } = plain();
  const step = progress.start({ name: 'fetch', unit: 'bytes' });
  pass(10);
  step.advance(5 * 1024 * 1024);
  step.end('resumed once');
  expect(lines).toEqual([
    'fetch: started',
    'fetch: 5.0 MiB, 10 s, 512.0 KiB/s',
    'fetch: 5.0 MiB in 10 s, 512.0 KiB/s, resumed once',
  ]);
});

it('ignores a step that has ended, and steps that end out of order', () => {
  const { progress, lines } = plain();
  const outer = progress.start({ name: 'outer' });
  const inner = progress.start({ name: 'inner' });
  outer.end();
  outer.end();
  outer.advance(1);
  inner.end();
  expect(lines).toEqual(['outer: started', 'outer: 0.0 s']);
});
