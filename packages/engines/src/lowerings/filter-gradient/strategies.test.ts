import { prepareTfGradients } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { convArrays, convShapes, geometryOf, referenceGradients, type ConvShape } from '../../../test/conv-shapes.js';
import { computed, inputOf } from '../../../test/run-graph.js';
import { difference } from '../../testing/index.js';
import { Emitter } from '../../trace/emitter.js';

import { batchParts, chooseFilterGradient } from './choose.js';
import { depthwise } from './depthwise.js';
import { filterGradient } from './index.js';
import { pixels } from './pixels.js';
import { planes } from './planes.js';
import { rows } from './rows.js';
import type { FilterGradient } from './strategy.js';

beforeAll(async () => {
  await prepareTfGradients();
  await tf.setBackend('cpu');
});

/** Up to 4 * 12 * 12 products are added up in another order: some units in the last place of float32 (6e-8 each). */
const TOLERANCE = 4e-6;

async function expectRight(shape: ConvShape, strategy: FilterGradient, parts?: number): Promise<void> {
  const alone = strategy === depthwise;
  const arrays = convArrays(shape, alone);
  const emit = new Emitter();
  const [x, dy] = [inputOf(emit, 'x', arrays.x), inputOf(emit, 'dy', arrays.dy)];
  const gradient = filterGradient(emit, x, dy, geometryOf(shape, alone), strategy, parts);
  const actual = await computed(emit, gradient, { x: arrays.x, dy: arrays.dy });
  expect(difference(actual, referenceGradients(shape, arrays, alone).df, TOLERANCE)).toBe('');
}

const STRATEGIES = { planes, rows, pixels };

describe.each(Object.entries(STRATEGIES))('%s', (_, strategy) => {
  it('gives the gradient that tfjs gives, for any strides, dilations and padding', () =>
    fc.assert(
      fc.asyncProperty(convShapes(), (shape) => expectRight(shape, strategy)),
      { numRuns: 40 },
    ));

  it('adds up parts of the batch', () =>
    expectRight(
      { x: [6, 9, 8, 3], filter: [3, 2, 3, 4], strides: [2, 1], dilations: [1, 1], pad: 'same' },
      strategy,
      3,
    ));
});

describe('depthwise', () => {
  it('gives the gradient that tfjs gives, for any strides, dilations and padding', () =>
    fc.assert(
      fc.asyncProperty(convShapes(true), (shape) => expectRight(shape, depthwise)),
      { numRuns: 40 },
    ));
});

describe('chooseFilterGradient', () => {
  const choice = (size: number, channels: number, filters: number, window: number) =>
    chooseFilterGradient(
      geometryOf({
        x: [8, size, size, channels],
        filter: [window, window, channels, filters],
        strides: [1, 1],
        dilations: [1, 1],
        pad: 'valid',
      }),
    );

  it('takes what was measured to be the fastest', () => {
    expect(choice(200, 3, 16, 5)).toBe(planes);
    expect(choice(98, 16, 32, 5)).toBe(rows);
    expect(choice(56, 256, 64, 1)).toBe(rows);
    expect(choice(21, 64, 64, 5)).toBe(pixels);
    expect(choice(9, 512, 512, 3)).toBe(pixels);
  });
});

describe('batchParts', () => {
  const geometry = (batch: number) =>
    geometryOf({ x: [batch, 10, 10, 4], filter: [3, 3, 4, 5], strides: [1, 1], dilations: [1, 1], pad: 'same' });
  /** One image laid out. */
  const bytes = 4 * (10 * 10) * (3 * 3 * 4);

  it.each([
    { batch: 8, limit: 8 * bytes, parts: 1 },
    { batch: 8, limit: 3 * bytes, parts: 4 },
    { batch: 6, limit: 3 * bytes, parts: 2 },
    { batch: 7, limit: 3 * bytes, parts: 7 },
    { batch: 1, limit: bytes / 2, parts: 1 },
  ])('cuts a batch of $batch into $parts where $limit bytes fit', ({ batch, limit, parts }) => {
    expect(batchParts(geometry(batch), limit)).toBe(parts);
  });
});
