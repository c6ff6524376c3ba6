import { expect, it } from 'vitest';

import { createRateMeter } from './rate-meter.js';

it('knows no rate before anything was done', () => {
  const meter = createRateMeter(5);
  expect(meter.rate(5)).toBeUndefined();
  expect(meter.rate(9)).toBeUndefined();
});

it('holds the rate between slow units and lets it sink once the next is overdue', () => {
  const meter = createRateMeter(0);
  meter.record(6, 1);
  meter.record(12, 2);
  expect([12, 15, 18].map((time) => meter.rate(time))).toEqual([1 / 6, 1 / 6, 1 / 6]);
  expect(meter.rate(24)).toBe(1 / 12);
});

it('is not fooled by bursts', () => {
  const meter = createRateMeter(0);
  for (let i = 1; i <= 1000; i++) meter.record(10 + i / 1e6, i);
  expect(meter.rate(10.001)).toBeCloseTo(100, 1);
});
