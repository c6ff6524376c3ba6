import { expect, it } from 'vitest';

import { displayWidth } from '../terminal/width.js';
import { frame } from './live.js';
import { createSteps } from './step.js';

const ignore = () => undefined;

function steps() {
  let time = 0;
  const list = createSteps(() => time, { started: ignore, advanced: ignore, ended: ignore });
  return {
    list,
    pass: (seconds: number) => (time += seconds),
    draw: (width: number) => frame(list.active, time, width),
  };
}

it('draws name, bar, count, rate and time left of the innermost step', () => {
  const { list, pass, draw } = steps();
  list.start({ name: 'train', total: 10, unit: 'epochs' }).advance(3);
  const inner = list.start({ name: 'batches', total: 40 });
  pass(4);
  inner.advance(11, 'loss 0.31');
  expect(draw(120)).toBe('train 3/10 › batches  ▕█████▌              ▏  11/40, 27 %, 2.8/s, 11 s left, loss 0.31');
});

it('gives up half of the bar, the note, the bar, then the end of the text, where the line is short', () => {
  const { list, pass, draw } = steps();
  const step = list.start({ name: 'features', total: 400, unit: 'images' });
  pass(10);
  step.advance(100, 'loss 0.31');
  expect(draw(84)).toBe('features  ▕█████               ▏  100/400 images, 25 %, 10.0/s, 30 s left, loss 0.31');
  expect(draw(83)).toBe('features  ▕██▌       ▏  100/400 images, 25 %, 10.0/s, 30 s left, loss 0.31');
  expect(draw(73)).toBe('features  ▕█████               ▏  100/400 images, 25 %, 10.0/s, 30 s left');
  expect(draw(62)).toBe('features  100/400 images, 25 %, 10.0/s, 30 s left, loss 0.31');
  expect(draw(30)).toBe('features  100/400 images, 25 …');
  expect(displayWidth(draw(30) ?? '')).toBe(30);
});

it('draws time where no total is known, nothing where no step is under way', () => {
  const { list, pass, draw } = steps();
  expect(draw(80)).toBeUndefined();
  const step = list.start({ name: 'predict', unit: 'images' });
  pass(2);
  step.advance(3);
  expect(draw(80)).toBe('predict  3 images, 2.0 s, 1.5/s');
});

it('takes the rate from the recent past: a slow start is forgotten', () => {
  const { list, pass, draw } = steps();
  const step = list.start({ name: 'features', total: 1000, unit: 'images' });
  pass(60);
  for (let i = 0; i < 50; i++) {
    pass(1);
    step.advance(10);
  }
  expect(draw(100)).toBe('features  ▕██████████          ▏  500/1,000 images, 50 %, 10.0/s, 50 s left');
});
