import { float32, type Scored, uint8 } from '@kindred/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { targetRecall } from '../target-recall/target-recall.js';

import { targetPrecision } from './target-precision.js';

function column(scores: readonly number[], targets: readonly number[]): Scored {
  const shape = [scores.length, 1];
  return { labels: ['normal'], scores: float32(shape, scores), targets: uint8(shape, targets) };
}
const byPrecision = (options: object, validation: Scored) =>
  targetPrecision.choose(targetPrecision.options.parse(options), validation);
const byRecall = (options: object, validation: Scored) =>
  targetRecall.choose(targetRecall.options.parse(options), validation);

/** Precision and recall of each distinct threshold, by counting. */
function all(scores: readonly number[], targets: readonly number[]): { precision: number; recall: number }[] {
  return [...new Set(scores)].map((threshold) => at(scores, targets, threshold));
}
function at(scores: readonly number[], targets: readonly number[], threshold: number) {
  const given = targets.filter((_, i) => scores[i]! >= threshold);
  const hits = given.filter(Boolean).length;
  return { precision: hits / given.length, recall: hits / targets.filter(Boolean).length };
}
const images = fc
  .array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 0, max: 1 })), { minLength: 2, maxLength: 40 })
  .map((pairs) => ({ scores: pairs.map(([score]) => score), targets: pairs.map(([, target]) => target) }))
  .filter(({ targets }) => targets.includes(1) && targets.includes(0));
const value = fc.constantFrom(0.5, 0.8, 0.9, 1);
const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b), -Infinity);

describe('target-precision', () => {
  it('finds most of those that are precise enough, else is as precise as can be, with a note', () => {
    fc.assert(
      fc.property(images, value, ({ scores, targets }, wanted) => {
        const { values, notes } = byPrecision({ value: wanted }, column(scores, targets));
        const chosen = at(scores, targets, values[0]!);
        const enough = all(scores, targets).filter(({ precision }) => precision >= wanted);
        const missed = notes.some((note) =>
          note.startsWith(`No threshold reaches a precision of ${wanted} for "normal"`),
        );
        if (enough.length === 0) {
          return missed && chosen.precision === most(all(scores, targets).map(({ precision }) => precision));
        }
        return !missed && chosen.precision >= wanted && chosen.recall === most(enough.map(({ recall }) => recall));
      }),
    );
  });

  it('says what it reaches instead', () => {
    expect(byPrecision({ value: 0.9 }, column([3, 2, 1, 0], [0, 1, 1, 0]))).toEqual({
      values: [0.5],
      notes: [
        'No threshold reaches a precision of 0.9 for "normal": at 0.500 it is 0.667, the highest, with 2 of 3 right.',
      ],
    });
  });

  it('does not let everything in where all images are normal', () => {
    const { values, notes } = byPrecision(
      {},
      column(
        Array.from({ length: 40 }, (_, i) => i),
        Array<number>(40).fill(1),
      ),
    );
    expect(values).toEqual([1]);
    expect(notes).toHaveLength(1);
  });
});

describe('target-recall', () => {
  it('is most precise of those that find enough', () => {
    fc.assert(
      fc.property(images, value, ({ scores, targets }, wanted) => {
        const { values } = byRecall({ value: wanted }, column(scores, targets));
        const chosen = at(scores, targets, values[0]!);
        const enough = all(scores, targets).filter(({ recall }) => recall >= wanted);
        return chosen.recall >= wanted && chosen.precision === most(enough.map(({ precision }) => precision));
      }),
    );
  });

  it('leaves the rest outside where all images are normal, and says so', () => {
    const { values, notes } = byRecall(
      { value: 0.8 },
      column(
        Array.from({ length: 9 }, (_, i) => i),
        Array<number>(9).fill(1),
      ),
    );
    // floor(.2 * 10) = 2: the second lowest.
    expect(values).toEqual([1]);
    expect(notes).toEqual([
      'No validation image is without "normal", so target-recall has nothing to weigh: its threshold 1.00 leaves 1 of 9 images outside ' +
        'instead, at most a share of 0.2 where they suffice for that.',
    ]);
  });
});

describe.each([{ choose: byPrecision }, { choose: byRecall }])('$choose.name', ({ choose }) => {
  it('has a threshold for each label, and that of all for rare ones', () => {
    const scores = [0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.4, 0.5, 0.5, 0.2, 0.6];
    const targets = [1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0];
    const validation: Scored = {
      labels: ['drama', 'war'],
      scores: float32([6, 2], scores),
      targets: uint8([6, 2], targets),
    };
    const { values, notes } = choose({}, validation);
    expect(values[1]).toBe(choose({ per: 'global' }, validation).values[0]);
    expect(values[0]).toBeCloseTo(0.35, 6);
    expect(notes).toContainEqual(expect.stringContaining('"war" takes the threshold of all labels together'));
  });

  it.each([{ value: 0 }, { value: 1.1 }, { minPositives: 0 }])('refuses the options %j', (options) => {
    expect(() => choose(options, column([1], [1]))).toThrow();
  });
});
