import { readFileSync } from 'node:fs';

import { float32, type Scored, uint8 } from '@kindred/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bestCut } from '../cuts/best-cut.js';

import { maxF1 } from './max-f1.js';
import { shrunk } from './shrunk.js';

interface Best {
  f1: number;
  threshold: number;
}
const { cases } = JSON.parse(readFileSync(new URL('../fixtures/max-f1.json', import.meta.url), 'utf8')) as {
  cases: { name: string; scores: number[][]; targets: number[][]; perLabel: (Best | null)[]; global: Best }[];
};

function scored(scores: readonly (readonly number[])[], targets: readonly (readonly number[])[]): Scored {
  const labels = (scores[0] ?? []).map((_, j) => `label ${j}`);
  const shape = [scores.length, labels.length];
  return { labels, scores: float32(shape, scores.flat()), targets: uint8(shape, targets.flat()) };
}

/** One label: its scores, and whether each image carries it. */
const column = (scores: number[], targets: number[]): Scored =>
  scored(
    scores.map((score) => [score]),
    targets.map((target) => [target]),
  );

const choose = (options: object, validation: Scored) => maxF1.choose(maxF1.options.parse(options), validation);

function f1(scores: Float32Array, targets: Uint8Array, threshold: number): number {
  let [hits, given, positives] = [0, 0, 0];
  scores.forEach((score, i) => {
    positives += targets[i]!;
    if (score < threshold) return;
    given++;
    hits += targets[i]!;
  });
  return (2 * hits) / (given + positives);
}

describe.each(cases)('max-f1 finds what exhaustive search with scikit-learn finds: $name', (example) => {
  const validation = scored(example.scores, example.targets);

  it('per label', () => {
    const { values } = choose({ minPositives: 1, shrinkage: 0 }, validation);
    example.perLabel.forEach((best, j) => {
      // A threshold is a float32: 6e-8 at most from the middle, for values below 1.
      expect(values[j]).toBeCloseTo((best ?? example.global).threshold, 6);
      if (!best) return;
      const own = (_: number, i: number) => i % validation.labels.length === j;
      const reached = f1(validation.scores.data.filter(own), validation.targets.data.filter(own), values[j]!);
      expect(reached).toBeCloseTo(best.f1, 12);
    });
  });

  it('for all labels together', () => {
    const { values, notes } = choose({ per: 'global' }, validation);
    expect(new Set(values).size).toBe(1);
    expect(values[0]).toBeCloseTo(example.global.threshold, 6);
    expect(f1(validation.scores.data, validation.targets.data, values[0]!)).toBeCloseTo(example.global.f1, 12);
    expect(notes).toEqual([]);
  });
});

describe('a cut', () => {
  it.each([
    ['lies half way between scores that tell the images apart', [0.1, 0.25, 0.75, 0.9], [0, 0, 1, 1], 0.5],
    ['of equal F1 is the highest', [0.875, 0.625, 0.5, 0.25], [1, 0, 0, 1], 0.75],
    ['lies on the lowest score if every image is given the label', [0.5, 0.25], [0, 1], 0.25],
    ['never parts equal scores', [0.5, 0.5, 0.5, 0.25], [1, 0, 1, 0], 0.375],
    ['of equal scores is that score', [0.5, 0.5], [1, 0], 0.5],
    ['of one positive image is its score', [0.75], [1], 0.75],
  ])('%s', (_, scores, targets, threshold) => {
    expect(bestCut(Float32Array.from(scores), Uint8Array.from(targets))?.threshold).toBe(threshold);
  });

  it('does not exist without positives', () => {
    expect(bestCut(Float32Array.of(0.5, 0.1), Uint8Array.of(0, 0))).toBeUndefined();
  });

  it('stays above the lower score where float32 has no number between', () => {
    const low = 0.5 + 2 ** -24;
    const high = 0.5 + 2 ** -23;
    expect(bestCut(Float32Array.of(low, high), Uint8Array.of(0, 1))?.threshold).toBe(high);
  });

  it('reaches the highest F1 of all thresholds, and is a float32 within the scores', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 1 }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 40 }), (pairs) => {
        const scores = Float32Array.from(pairs, ([score]) => score / 10);
        const targets = Uint8Array.from(pairs, ([, target]) => target);
        const cut = bestCut(scores, targets);
        if (!targets.includes(1)) return cut === undefined;
        const best = Math.max(...Array.from(scores, (score) => f1(scores, targets, score)));
        return (
          cut !== undefined &&
          Math.abs(f1(scores, targets, cut.threshold) - best) < 1e-12 &&
          cut.given === scores.filter((score) => score >= cut.threshold).length &&
          Math.fround(cut.threshold) === cut.threshold &&
          cut.threshold >= Math.min(...scores) &&
          cut.threshold <= Math.max(...scores)
        );
      }),
    );
  });
});

describe('max-f1', () => {
  const common = [0.9, 0.8, 0.7, 0.6, 0.55, 0.2, 0.1, 0.1];
  const five = [1, 1, 1, 1, 1, 0, 0, 0];

  it('gives a label with too few positives the threshold of all labels together, and says so', () => {
    const rare = [0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
    const validation = scored(
      common.map((score, i) => [score, rare[i]!]),
      five.map((target, i) => [target, Number(i === 0)]),
    );
    const { values, notes } = choose({ shrinkage: 0 }, validation);
    expect(values[0]).toBeCloseTo(0.375, 6);
    expect(values[1]).toBe(choose({ per: 'global' }, validation).values[0]);
    expect(notes).toEqual([
      '"label 1" takes the threshold of all labels together, 0.250: 1 of 8 validation images carry it, 5 are needed for one of its own.',
    ]);
    expect(choose({ minPositives: 1, shrinkage: 0 }, validation)).toMatchObject({
      values: [values[0], Math.fround(0.2)],
      notes: [],
    });
  });

  it('draws the threshold of a label towards that of all labels together, less the more positives it has', () => {
    const validation = scored(
      common.map((score, i) => [score, 0.99 - i / 100]),
      five.map((target, i) => [target, Number(i < 6)]),
    );
    const [own, shared] = [choose({ shrinkage: 0 }, validation).values, choose({ per: 'global' }, validation).values];
    const logOdds = (p: number) => Math.log(p / (1 - p));
    for (const shrinkage of [1, 5, 20]) {
      const { values } = choose({ shrinkage }, validation);
      [5, 6].forEach((positives, j) => {
        const mean = (positives * logOdds(own[j]!) + shrinkage * logOdds(shared[j]!)) / (positives + shrinkage);
        expect(values[j]).toBeCloseTo(1 / (1 + Math.exp(-mean)), 6);
      });
    }
    expect(choose({}, validation)).toEqual(choose({ shrinkage: 5 }, validation));
  });

  it('stays between certain probabilities, whose log-odds are infinite', () => {
    expect(shrunk(1, 0, 5, 5)).toBeCloseTo(0.5, 6);
    expect([shrunk(1, 1, 5, 5), shrunk(0, 0, 5, 5)]).toEqual([1, 0]);
  });

  it('cuts scores of a detector, which may be any numbers', () => {
    expect(choose({}, column([-2000, 400, 500, -3000], [0, 1, 1, 0])).values).toEqual([-800]);
  });

  it('leaves one of twenty outside where all images are normal, instead of none, and says so', () => {
    const scores = Array.from({ length: 40 }, (_, i) => i - 10);
    expect(
      choose(
        {},
        column(
          scores,
          scores.map(() => 1),
        ),
      ),
    ).toEqual({
      values: [-9],
      notes: [
        'No validation image is without "label 0", so max-f1 has nothing to weigh: its threshold -9.00 leaves 1 of 40 images outside ' +
          'instead, at most a share of 0.05 where they suffice for that.',
      ],
    });
  });

  it('falls back to the boundary of a detector if no image is normal', () => {
    const nothing = column([-20, 30], [0, 0]);
    expect(choose({}, { ...nothing, boundary: 0 }).values).toEqual([0]);
    expect(() => choose({}, nothing)).toThrow(
      expect.objectContaining({
        code: 'KINDRED_CALIBRATION_DATA',
        message:
          'The threshold max-f1 needs validation images that carry a label, normal ones for a detector. Got none among 2.',
      }) as Error,
    );
  });

  it('says when a label is given to every validation image', () => {
    const { values, notes } = choose({}, column(Array<number>(8).fill(0.25), five));
    expect(values).toEqual([0.25]);
    expect(notes).toEqual([
      '"label 0" is given to every validation image at its threshold 0.250: its scores tell little.',
    ]);
  });

  it.each(['label', 'global'])('falls back to one half, with a note, if no image carries any label: per %s', (per) => {
    expect(choose({ per }, column([0.1, 0.2], [0, 0]))).toEqual({
      values: [0.5],
      notes: ['No validation image carries any label, so every threshold is 0.5.'],
    });
  });

  it.each([
    [
      'no validation images',
      { labels: ['a', 'b'], scores: float32([0, 2]), targets: uint8([0, 2]) },
      'KINDRED_CALIBRATION_DATA',
      'The threshold max-f1 needs validation images. Got scores of shape [0, 2].',
    ],
    [
      'a score of NaN',
      scored([[0.1, 0.2], [0.3, NaN]], [[1, 0], [0, 1]]), // prettier-ignore
      'KINDRED_SCORES_INVALID',
      'Scores for the threshold max-f1 must be finite numbers. Got NaN in row 1, label "label 1".',
    ],
  ])('refuses %s', (_, validation, code, message) => {
    expect(() => choose({}, validation)).toThrow(expect.objectContaining({ code, message }) as Error);
  });
});
