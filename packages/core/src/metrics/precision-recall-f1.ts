import { z } from 'zod';

import type { MetricInput } from '../plugin/contract.js';
import { defineMetric } from '../plugin/define.js';

import { type Confusion, prepareConfusion, sum } from './confusion.js';
import { meanOfDefined, weighted, type WeightedMetric } from './weighted.js';

const options = z.strictObject({
  average: z
    .enum(['micro', 'macro'])
    .default('macro')
    .describe('micro: counts of all labels together. macro: mean over labels, each counting the same.'),
});
type Options = z.output<typeof options>;

/** A share of counts: true positives, false positives, false negatives. */
type Share = (tp: number, fp: number, fn: number) => number;

/** 0 where nothing is counted (scikit-learn: `zero_division=0`): a label nobody gave earns no precision. */
const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export const precisionShare: Share = (tp, fp) => share(tp, tp + fp);
export const recallShare: Share = (tp, _fp, fn) => share(tp, tp + fn);
export const f1Share: Share = (tp, fp, fn) => share(2 * tp, 2 * tp + fp + fn);

/** The share for each label. */
export function byLabel(shareOf: Share, confusion: Confusion): number[] {
  const { truePositives, falsePositives, falseNegatives } = confusion;
  return Array.from(truePositives, (tp, j) => shareOf(tp, falsePositives[j]!, falseNegatives[j]!));
}

function averaged(shareOf: Share) {
  return ({ average }: Options, input: MetricInput): WeightedMetric => {
    const count = prepareConfusion(input);
    return (counts) => {
      const confusion = count(counts);
      const { truePositives, falsePositives, falseNegatives, samples } = confusion;
      const perLabel = byLabel(shareOf, confusion);
      if (samples === 0) return { value: NaN, perLabel: perLabel.fill(NaN) };
      const micro = () => shareOf(sum(truePositives), sum(falsePositives), sum(falseNegatives));
      return { value: average === 'micro' ? micro() : meanOfDefined(perLabel), perLabel };
    };
  };
}

/** The share of given labels that are right. */
export const precision = defineMetric({
  name: 'precision',
  version: 1,
  summary: 'Share of the given labels that are right; 0 where none is given.',
  options,
  tags: { multiLabel: true },
  higherIsBetter: true,
  // One rare label given always could reach any precision: compared with the same predictor as recall.
  floor: 'most-frequent',
  ...weighted('precision', averaged(precisionShare)),
});

/** The share of true labels that are given. */
export const recall = defineMetric({
  name: 'recall',
  version: 1,
  summary: 'Share of the true labels that are given; 0 where there are none.',
  options,
  tags: { multiLabel: true },
  higherIsBetter: true,
  // Giving every label has recall 1, which no one can beat.
  floor: 'most-frequent',
  ...weighted('recall', averaged(recallShare)),
});

/** The harmonic mean of precision and recall. */
export const f1 = defineMetric({
  name: 'f1',
  version: 1,
  summary: 'Harmonic mean of precision and recall; 0 for a label that is neither given nor there.',
  options,
  tags: { multiLabel: true },
  higherIsBetter: true,
  headline: true,
  ...weighted('f1', averaged(f1Share)),
});
