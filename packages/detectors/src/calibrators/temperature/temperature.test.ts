import { uint8 } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';
import { readCases, rows } from '../fixtures/read.js';

import { fitTemperature } from './inverse-temperature.js';
import { temperature } from './temperature.js';

const cases = readCases<{ inverse: number }>('temperature');
const column = (values: readonly number[]) => uint8([values.length, 1], values);

describe.each(cases)("temperature equals scikit-learn's temperature scaling: $name", ({ x, y, at, expected }) => {
  it('in 1 / T', () => {
    const { inverse } = fitTemperature({ scores: Float32Array.from(x), targets: Uint8Array.from(y) });
    // Theirs is found to about the root of float64's precision.
    expect(inverse / expected.inverse).toBeCloseTo(1, 6);
  });

  it('in probabilities', async () => {
    const { data } = await fitAndApply(temperature, {}, matrix(rows(x)), matrix(rows(at)), column(y));
    expect(largestError(data, expected.asked)).toBeLessThan(1e-6);
  });
});

describe('temperature', () => {
  const fit = (x: number[], y: number[]) =>
    temperature.fit({ minPerClass: 1 }, { x: matrix(rows(x)), y: column(y) }, createTestContext());

  it('is one for all labels', async () => {
    const { x, y } = cases[0]!;
    const half = x.length / 2;
    const two = {
      x: matrix(Array.from({ length: half }, (_, i) => [x[i]!, x[half + i]!])),
      y: uint8(
        [half, 2],
        Array.from({ length: 2 * half }, (_, i) => y[(i % 2) * half + Math.floor(i / 2)]!),
      ),
    };
    const { tensors, json } = await temperature.fit({ minPerClass: 5 }, two, createTestContext());
    expect(json.temperature).toBeCloseTo(1 / cases[0]!.expected.inverse, 4);
    expect([...tensors['inverse']!.data]).toEqual(Array(2).fill(Math.fround(1 / json.temperature)));
  });

  it('does not depend on the size of the scores', async () => {
    const { x, y } = cases[0]!;
    const probabilities = [1, 1e-6, 1e6].map((size) => {
      const scores = matrix(rows(x.map((score) => score * size)));
      return fitAndApply(temperature, {}, scores, scores, column(y));
    });
    const [one, ...others] = (await Promise.all(probabilities)).map(({ data }) => [...data]);
    for (const other of others) expect(largestError(other, one!)).toBeLessThan(1e-6);
  });

  it.each([
    [
      'point the wrong way',
      [1, 2, -1, -2],
      [0, 0, 1, 1],
      'of the held-out images, so every probability is close to .5.',
      0.5,
    ],
    ['are all zero', [0, 0, 0, 0], [0, 0, 1, 1], 'of the held-out images, so every probability is close to .5.', 0.5],
    ['are all of the right sign', [1, 2, -1, -2], [1, 1, 0, 0], 'so every probability is close to 0 or 1.', 1],
  ])('stops at a limit where scores %s, and says so', async (_, x, y, ending, highest) => {
    const { tensors, json, notes } = await fit(x, y);
    expect(notes!.at(-1)).toContain(`The temperature is at its limit, ${json.temperature.toPrecision(3)}: `);
    expect(notes!.at(-1)).toContain(ending);
    const logits = x.map((score) => score * tensors['inverse']!.data[0]!);
    expect(Math.max(...logits.map((logit) => 1 / (1 + Math.exp(-logit))))).toBeCloseTo(highest, 2);
  });
});
