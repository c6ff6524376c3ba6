import { createRandom } from '../context/random.js';
import type { Scored, Threshold, Thresholds } from '../plugin/contract.js';
import { float32, uint8 } from '../tensor/nd-array.js';

import { type Check, expectThat } from './check.js';

/** What every way to choose thresholds must do. */
export const thresholdChecks: readonly Check<Threshold>[] = [
  ...shapes([
    ['ordinary scores', overlapping(['a', 'b', 'c'])],
    ['a single label', overlapping(['a'])],
    ['a label that no image carries', withoutPositives(overlapping(['a', 'b', 'c']), 1)],
    ['no label on any image', withoutPositives(overlapping(['a']), 0)],
    ['a single image', { labels: ['a', 'b'], scores: float32([1, 2], [0.8, 0.1]), targets: uint8([1, 2], [1, 0]) }],
    [
      'equal scores',
      { labels: ['a'], scores: float32([4, 1], [0.3, 0.3, 0.3, 0.3]), targets: uint8([4, 1], [1, 0, 1, 0]) },
    ],
  ]),
  {
    name: 'decisions are right where scores tell the images apart',
    run: (threshold, options) =>
      promise(() => {
        const scored = separable();
        const { values } = choose(threshold, options, scored);
        const wrong = scored.scores.data.findIndex(
          (score, i) => Number(score >= values[i % values.length]!) !== scored.targets.data[i],
        );
        expectThat(wrong < 0, {
          expected: 'With positives from .7 up and negatives from .3 down every decision must be right.',
          seen: `thresholds ${values.join(', ')}`,
          fix: 'A label is given where score >= threshold: choose one above the negatives and up to the positives.',
        });
      }),
  },
  {
    name: 'choose leaves options, scores and targets unchanged',
    run: (threshold, options) =>
      promise(() => {
        const [scored, copy] = [overlapping(['a', 'b']), overlapping(['a', 'b'])];
        const filled = threshold.options.parse(options ?? {});
        threshold.choose(filled, bounded(scored));
        const before = JSON.stringify([threshold.options.parse(options ?? {}), copy]);
        expectThat(JSON.stringify([filled, scored]) === before, {
          expected: 'choose must leave its options and its input as they were.',
          seen: 'one of them changed',
          fix: 'Copy before you sort: scores.data.slice().',
        });
      }),
  },
  {
    name: 'the order of images does not matter',
    run: (threshold, options) =>
      promise(() => {
        const scored = overlapping(['a', 'b', 'c']);
        const [one, other] = [scored, reversed(scored)].map((input) => choose(threshold, options, input).values.join());
        expectThat(one === other, {
          expected: 'Thresholds must not depend on the order of images.',
          seen: `${one} and, in reverse, ${other}`,
          fix: 'Treat equal scores as one group.',
        });
      }),
  },
];

function shapes(cases: readonly (readonly [string, Scored])[]): Check<Threshold>[] {
  return cases.map(([what, scored]) => ({
    name: `there is one threshold between 0 and 1 for each label, with ${what}`,
    run: (threshold, options) =>
      promise(() => {
        const { values, notes } = choose(threshold, options, scored);
        const { length } = scored.labels;
        expectThat(values.length === length && values.every((value) => value >= 0 && value <= 1), {
          expected: `choose must give ${length} thresholds between 0 and 1, for scores between 0 and 1.`,
          seen: `[${values.join(', ')}]`,
          fix: 'Fall back to another threshold, with a note, where the validation set does not tell.',
        });
        expectThat(
          notes.every((note) => typeof note === 'string' && note.length > 0),
          {
            expected: 'notes must be sentences.',
            seen: JSON.stringify(notes),
            fix: 'Return notes: [] if there is nothing to say.',
          },
        );
      }),
  }));
}

function choose(threshold: Threshold, options: object | undefined, scored: Scored): Thresholds {
  return threshold.choose(threshold.options.parse(options ?? {}), bounded(scored));
}

/** As scores of a detector that has a boundary of its own, for thresholds that read it. */
const bounded = (scored: Scored): Scored => ({ ...scored, boundary: 0.5 });

/** Forty images; a third of them carry each label, with scores that are higher in the mean. */
function overlapping(labels: readonly string[]): Scored {
  const random = createRandom(4);
  const shape = [40, labels.length];
  const [scores, targets] = [float32(shape), uint8(shape)];
  for (let i = 0; i < scores.data.length; i++) {
    targets.data[i] = Number(random.next() < 1 / 3);
    scores.data[i] = Math.round(20 * (0.6 * random.next() + 0.35 * targets.data[i]!)) / 20;
  }
  return { labels, scores, targets };
}

function separable(): Scored {
  const positive = [1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0];
  const scores = positive.map((target, i) => (target ? 0.7 : 0) + 0.3 * (i / positive.length));
  return { labels: ['a', 'b'], scores: float32([8, 2], scores), targets: uint8([8, 2], positive) };
}

function withoutPositives({ labels, scores, targets }: Scored, column: number): Scored {
  const kept = targets.data.map((target, i) => (i % labels.length === column ? 0 : target));
  return { labels, scores, targets: uint8(targets.shape, kept) };
}

function reversed({ labels, scores, targets }: Scored): Scored {
  const step = labels.length;
  const from = (i: number, length: number): number => length - step - (i - (i % step)) + (i % step);
  return {
    labels,
    scores: float32(
      scores.shape,
      scores.data.map((_, i, all) => all[from(i, all.length)]!),
    ),
    targets: uint8(
      targets.shape,
      targets.data.map((_, i, all) => all[from(i, all.length)]!),
    ),
  };
}

/** A throw becomes a rejection. */
const promise = (body: () => void): Promise<void> => Promise.resolve().then(body);
