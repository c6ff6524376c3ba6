import { z } from 'zod';

import type { MetricInput } from '../plugin/contract.js';
import { defineMetric } from '../plugin/define.js';

import { type Confusion, prepareConfusion } from './confusion.js';
import { meanOfDefined, weighted, type WeightedMetric } from './weighted.js';

/** For each label, the share of images for which the decision is wrong. */
function errorRates({ falsePositives, falseNegatives, samples }: Confusion): number[] {
  return Array.from(falsePositives, (fp, j) => (fp + falseNegatives[j]!) / samples);
}

function fromErrorRates(value: (errorRate: number) => number) {
  return (_: object, input: MetricInput): WeightedMetric => {
    const count = prepareConfusion(input);
    return (counts) => {
      const perLabel = errorRates(count(counts)).map(value);
      return { value: meanOfDefined(perLabel), perLabel };
    };
  };
}

/** The share of wrong decisions among all pairs of image and label. */
export const hammingLoss = defineMetric({
  name: 'hamming-loss',
  version: 1,
  summary: 'Share of wrong decisions among all pairs of image and label.',
  options: z.strictObject({}),
  tags: { multiLabel: true },
  higherIsBetter: false,
  ...weighted(
    'hamming-loss',
    fromErrorRates((rate) => rate),
  ),
});

/** The share of right decisions among all pairs of image and label: high wherever labels are rare. */
export const accuracy = defineMetric({
  name: 'accuracy',
  version: 1,
  summary: 'Share of right decisions among all pairs of image and label.',
  options: z.strictObject({}),
  tags: { multiLabel: true },
  higherIsBetter: true,
  ...weighted(
    'accuracy',
    fromErrorRates((rate) => 1 - rate),
  ),
});

/** The share of images whose labels are given all and without any other. */
export const subsetAccuracy = defineMetric({
  name: 'subset-accuracy',
  version: 1,
  summary: 'Share of images with exactly the right set of labels.',
  options: z.strictObject({}),
  tags: { multiLabel: true },
  higherIsBetter: true,
  ...weighted('subset-accuracy', (_: object, input) => {
    const right = exactRows(input);
    return (counts) => {
      let hits = 0;
      let seen = 0;
      for (let row = 0; row < counts.length; row++) {
        hits += counts[row]! * right[row]!;
        seen += counts[row]!;
      }
      return { value: hits / seen };
    };
  }),
});

function exactRows({ labels, targets, decisions }: MetricInput): Uint8Array {
  const right = new Uint8Array(targets.shape[0]!).fill(1);
  for (let i = 0; i < targets.data.length; i++) {
    if (targets.data[i] !== decisions.data[i]) right[Math.floor(i / labels.length)] = 0;
  }
  return right;
}
