import { readFileSync } from 'node:fs';

import { float32 } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';
import { boundaryOf } from '../boundary/contamination.js';
import { energy } from '../energy/energy.js';
import { maxSoftmax } from '../max-softmax/max-softmax.js';

interface Case {
  labels: 'exclusive' | 'independent';
  temperature: number;
  energy: number[];
  probability: number[];
  odds: number[];
}
const fixture = JSON.parse(readFileSync(new URL('fixtures/logits.json', import.meta.url), 'utf8')) as {
  x: number[][];
  cases: Case[];
};
const x = matrix(fixture.x);
const shifted = (scores: number[], contamination = 0.05) =>
  scores.map((score) => score - boundaryOf(scores, contamination));

// float32 against float64; sums of a few numbers.
const TOLERANCE = 1e-5;

describe.each(fixture.cases)('PyTorch agrees with $labels labels at temperature $temperature', (example) => {
  const { labels, temperature } = example;

  it('on energy', async () => {
    const { shape, data } = await fitAndApply(energy, { labels, temperature }, x);
    expect(shape).toEqual([fixture.x.length]);
    expect(largestError(data, shifted(example.energy))).toBeLessThan(TOLERANCE);
  });

  it('on max-softmax', async () => {
    const { shape, data } = await fitAndApply(maxSoftmax, { labels, temperature }, x);
    expect(shape).toEqual([fixture.x.length]);
    expect(largestError(data, shifted(example.odds))).toBeLessThan(TOLERANCE);
  });

  it('on the order of probabilities, as far as they differ', async () => {
    const { data } = await fitAndApply(maxSoftmax, { labels, temperature }, x);
    for (const [i, one] of example.probability.entries()) {
      for (const [j, other] of example.probability.entries()) {
        if (one > other + 1e-6) expect(data[i]).toBeGreaterThan(data[j]!);
      }
    }
  });
});

describe.each([{ detector: energy }, { detector: maxSoftmax }])('$detector.name', ({ detector }) => {
  it('puts its boundary where the asked share of the training images is outside', async () => {
    const rows = matrix(Array.from({ length: 40 }, (_, i) => [i / 10, -i / 20]));
    const { data } = await fitAndApply(detector, { contamination: 0.2 }, rows);
    expect(data.filter((score) => score < 0)).toHaveLength(8);
  });

  it('keeps apart what float32 would round to the same probability', async () => {
    const sure = matrix([[30, 0], [31, 0], [32, 0]]); // prettier-ignore
    for (const labels of ['independent', 'exclusive']) {
      const { data } = await fitAndApply(detector, { labels }, sure);
      expect(data[0]!).toBeLessThan(data[1]!);
      expect(data[1]!).toBeLessThan(data[2]!);
    }
  });

  it('scores a single image', async () => {
    expect([...(await fitAndApply(detector, {}, matrix([[1, 2, 3]]))).data]).toEqual([0]);
  });

  it.each([{ temperature: 0 }, { temperature: -1 }, { labels: 'both' }, { contamination: 0.6 }, { nu: 0.1 }])(
    'refuses the options %j',
    (options) => {
      expect(detector.options.safeParse(options).success).toBe(false);
    },
  );

  it('refuses logits that are not finite, and another number of them than it was fitted on', async () => {
    const invalid = expect.objectContaining({ code: 'KINDRED_FEATURES_INVALID' }) as Error;
    await expect(fitAndApply(detector, {}, matrix([[1, NaN]]))).rejects.toThrow(invalid);
    await expect(fitAndApply(detector, {}, matrix([[1, 2]]), matrix([[1, 2, 3]]))).rejects.toThrow(invalid);
  });

  it('stops when it is told to', async () => {
    const ctx = createTestContext({ signal: AbortSignal.abort() });
    await expect(detector.fit(detector.options.parse({}), { x }, ctx)).rejects.toThrow('abort');
  });
});

describe('one logit', () => {
  const one = float32([3, 1], [-2, 0, 3]);

  it('is its own energy if its label is exclusive', async () => {
    const { data } = await fitAndApply(energy, { labels: 'exclusive', contamination: 0 }, one);
    expect([...data]).toEqual([0, 2, 5]);
  });

  it('has no softmax to speak of', async () => {
    await expect(fitAndApply(maxSoftmax, { labels: 'exclusive' }, one)).rejects.toThrow(
      expect.objectContaining({
        code: 'KINDRED_FEATURES_INVALID',
        message: 'Logits for max-softmax with "labels": "exclusive" must be of at least 2 labels. Got 1.',
        hint: 'Set "labels" to "independent": of one label alone the softmax is always 1.',
      }) as Error,
    );
    expect([...(await fitAndApply(maxSoftmax, { contamination: 0 }, one)).data]).toEqual([0, 2, 5]);
  });
});
