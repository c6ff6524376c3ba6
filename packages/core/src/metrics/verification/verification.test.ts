import { describe, expect, it } from 'vitest';

import { createRandom } from '../../context/random.js';
import { uint8 } from '../../tensor/nd-array.js';
import fixture from '../fixtures/verification.json' with { type: 'json' };

import { collectPairs, countPairs, type Pairs } from './collect-pairs.js';
import type { DistanceBlock } from './distance-block.js';
import { equalError } from './equal-error.js';
import { evaluateVerification } from './evaluate-verification.js';
import { identitiesOf } from './identities.js';
import { rankPairs } from './rank-pairs.js';
import { rocCurve, thinRoc } from './roc-curve.js';
import { thinned } from './thinned.js';
import { verificationRates } from './verification-rates.js';

/** The upper triangle of distances as blocks of at most `size` images a side, `stride` wide. */
function blocksOf(images: number, distances: readonly number[], size: number): DistanceBlock[] {
  const full = Array.from({ length: images }, () => Array.from({ length: images }, () => 0));
  let next = 0;
  for (let i = 0; i < images; i++) for (let j = i + 1; j < images; j++) full[i]![j] = full[j]![i] = distances[next++]!;
  const blocks: DistanceBlock[] = [];
  for (let row = 0; row < images; row += size) {
    for (let column = row; column < images; column += size) {
      const [rows, columns] = [Math.min(size, images - row), Math.min(size, images - column)];
      const values = new Float32Array(size * size).fill(NaN);
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) values[r * size + c] = full[row + r]![column + c]!;
      blocks.push({ row, column, rows, columns, stride: size, distances: values });
    }
  }
  return blocks;
}

function pairsOf(identities: readonly number[], distances: readonly number[], size = 5, limit?: number): Pairs {
  const collector = collectPairs(Int32Array.from(identities), createRandom(1), limit);
  for (const block of blocksOf(identities.length, distances, size)) collector.add(block);
  return collector.pairs();
}

const once = (identities: readonly number[]) => new Uint32Array(Math.max(...identities) + 1).fill(1);

describe.each(fixture.cases)('verification: $name', ({ identities, distances, ...expected }) => {
  const ranked = rankPairs(pairsOf(identities, distances));
  const rates = verificationRates(ranked, expected.limit, once(identities));

  it('has the ROC curve, AUROC and balanced accuracy of scikit-learn', () => {
    const roc = rocCurve(ranked);
    // Both are quotients of the same whole numbers.
    expect([roc.map((point) => point.falseMatchRate), roc.map((point) => point.trueMatchRate)]).toEqual(expected.roc);
    expect(rates.auroc).toBeCloseTo(expected.auroc, 12);
    expect(rates.accuracy).toBeCloseTo(expected.accuracyAtLimit, 12);
  });

  it('has the equal error rate of a root finder on that curve, and its threshold', () => {
    const { rate, distance } = equalError(rocCurve(ranked));
    expect(rate).toBeCloseTo(expected.equalErrorRate, 9);
    expect(rates.equalErrorRate).toBeCloseTo(expected.equalErrorRate, 9);
    // Distances are float32, and NumPy interpolates in that.
    expect(distance).toBeCloseTo(expected.equalErrorThreshold, 5);
  });
});

describe('pairs', () => {
  const distances = (images: number) => Array.from({ length: (images * (images - 1)) / 2 }, (_, i) => i);

  it.each([1, 3, 7, 100])('are the same however large the blocks are: %i', (size) => {
    const identities = [0, 1, 0, 2, 2, 1, 0];
    const byDistance = ({ distances: d, first, second }: Pairs) =>
      [...d].map((value, i) => [value, first[i], second[i]]).sort(([a = 0], [b = 0]) => a - b);
    const pairs = byDistance(pairsOf(identities, distances(7), size));
    expect(pairs).toEqual(byDistance(pairsOf(identities, distances(7), 7)));
    expect(pairs).toHaveLength(21);
    expect(pairs[1]).toEqual([1, 0, 0]);
  });

  it('leave images of unknown identity out', () => {
    const { first, existing } = pairsOf([0, -1, 0, 1, -1], distances(5));
    expect([first.length, existing]).toEqual([3, { same: 1, different: 2 }]);
  });

  it('are a seeded sample of each kind above the limit', () => {
    const identities = Array.from({ length: 200 }, (_, i) => i % 4);
    const sample = pairsOf(identities, distances(200), 64, 1000);
    expect(sample).toEqual(pairsOf(identities, distances(200), 64, 1000));
    expect(sample.existing).toEqual({ same: 4900, different: 15_000 });
    const same = [...sample.first].filter((one, i) => one === sample.second[i]).length;
    // Binomial, standard deviation about 30: five of them.
    expect(Math.abs(same - 1000)).toBeLessThan(150);
    expect(Math.abs(sample.first.length - same - 1000)).toBeLessThan(150);
    expect(new Set(sample.distances).size).toBe(sample.distances.length);
  });

  it('thinned take each with the same chance', () => {
    const random = createRandom(5);
    const counts = new Uint32Array(20);
    for (let round = 0; round < 4000; round++) for (const kept of thinned(20, 5, random) ?? []) counts[kept]!++;
    // Binomial of 4,000 and 1/4: mean 1,000, standard deviation 27.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(140);
    expect(thinned(20, 20, random)).toBeUndefined();
  });

  it('must all be given', () => {
    const collector = collectPairs(Int32Array.from([0, 0, 1]), createRandom(1));
    expect(() => collector.pairs()).toThrow('distances of 3 pairs');
  });
});

describe('identities', () => {
  it('are sets of labels; images without any are unknown', () => {
    const targets = uint8([5, 3], [1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1]);
    expect([...identitiesOf(targets)]).toEqual([0, 1, -1, 0, 1]);
  });
});

describe('an evaluation of verification', () => {
  const { identities, distances, equalErrorThreshold } = fixture.cases[0]!;
  const input = {
    samples: identities.length,
    identities: 6,
    pairs: pairsOf(identities, distances),
    threshold: equalErrorThreshold,
    oneShot: [],
  };
  const evaluation = evaluateVerification(input, createRandom(3));
  const metricOf = (name: string) => evaluation.metrics.find((one) => one.name === name)!;

  it('says how many pairs are told right, beside what equal distances reach', () => {
    expect(evaluation.pairs).toEqual({ same: 36, different: 240, existing: { same: 36, different: 240 } });
    expect(evaluation.metrics.map(({ name, floor }) => [name, floor])).toEqual(
      ['AUROC', 'EER', 'accuracy'].map((name) => [name, { predictor: 'nothing', value: 0.5 }]),
    );
    const { falseMatchRate, falseNonMatchRate } = evaluation;
    expect(metricOf('accuracy').value).toBeCloseTo(1 - (falseMatchRate!.value + falseNonMatchRate!.value) / 2, 12);
    const same = distances.length - 240;
    expect([falseMatchRate?.pairs, falseNonMatchRate?.pairs]).toEqual([240, same]);
  });

  it('has intervals of resampled identities, the same for the same seed', () => {
    const { value, interval } = metricOf('AUROC');
    expect(interval!.lower).toBeLessThan(value!);
    expect(interval!.upper).toBeGreaterThan(value!);
    expect(evaluation.bootstrap).toEqual({ resamples: 1000, level: 0.95 });
    expect(evaluateVerification(input, createRandom(3))).toEqual(evaluation);
  });

  it('counts a pair by how often its identities were drawn', () => {
    const [pairs, ranked] = [pairsOf(identities, distances), rankPairs(input.pairs)];
    const counts = Uint32Array.from([2, 0, 1, 3, 0, 0]);
    const copies = [...pairs.distances].flatMap((distance, i) => {
      const [one, other] = [pairs.first[i]!, pairs.second[i]!];
      const count = one === other ? counts[one]! : counts[one]! * counts[other]!;
      return Array.from({ length: count }, () => ({ distance, one, other }));
    });
    const drawn = rankPairs({
      distances: Float32Array.from(copies, ({ distance }) => distance),
      first: Uint32Array.from(copies, ({ one }) => one),
      second: Uint32Array.from(copies, ({ other }) => other),
      existing: countPairs(Int32Array.of()),
    });
    const limit = equalErrorThreshold;
    const expected = verificationRates(drawn, limit, once(identities));
    const actual = verificationRates(ranked, limit, counts);
    for (const name of ['auroc', 'equalErrorRate', 'falseMatchRate', 'falseNonMatchRate', 'accuracy'] as const) {
      expect(actual[name]).toBeCloseTo(expected[name], 12);
    }
  });

  it('is null where there are no pairs of a kind', () => {
    const alone = evaluateVerification(
      { ...input, samples: 3, identities: 1, pairs: pairsOf([0, 0, 0], [1, 2, 3]) },
      createRandom(1),
    );
    expect(alone.metrics.map(({ value, interval }) => [value, interval])).toEqual(
      Array.from({ length: 3 }, () => [null, null]),
    );
    expect([alone.falseMatchRate, alone.roc, alone.equalErrorThreshold]).toEqual([null, null, null]);
    expect(alone.falseNonMatchRate?.pairs).toBe(3);
  });

  it('keeps some points of a long ROC curve, the ends among them', () => {
    const points = Array.from({ length: 5000 }, (_, i) => ({
      falseMatchRate: (i / 4999) ** 2,
      trueMatchRate: i / 4999,
      falseNonMatchRate: 1 - i / 4999,
      distance: i === 0 ? null : i,
    }));
    const kept = thinRoc(points, 100);
    expect(kept.length).toBeLessThanOrEqual(100);
    expect(kept.length).toBeGreaterThan(90);
    expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
  });
});
