import { describe, expect, it } from 'vitest';

import { metricComponents } from '../metrics/components.js';
import { f1 } from '../metrics/precision-recall-f1.js';
import type { Metric } from '../plugin/contract.js';

import { runChecks } from './check.js';
import { metricChecks } from './checks-metric.js';

const bad: [hazard: string, failing: string, change: Partial<Metric>][] = [
  ['points the wrong way', 'perfect scores reach the best value', { higherIsBetter: false }],
  ['never looks', 'perfect scores reach the best value', { compute: () => ({ value: 1 }) }],
  [
    'sorts the scores in place',
    'the input is left unchanged',
    {
      compute: (options, input) => {
        input.scores.data.sort();
        return f1.compute(f1.options.parse(options), input);
      },
    },
  ],
  [
    'has one value for all labels in `perLabel`',
    'there is one value for each label, if there are values by label',
    { compute: () => ({ value: 1, perLabel: [1] }) },
  ],
  [
    'reads the first image alone',
    'the order of images does not matter',
    { compute: (_, { scores }) => ({ value: scores.data[0]! }) },
  ],
  [
    'throws where no image carries a label',
    'labels that no image or every image carries are no error',
    {
      compute: (options, input) => {
        if (!input.targets.data.includes(1)) throw new Error('no positives');
        return f1.compute(f1.options.parse(options), input);
      },
    },
  ],
  [
    'ignores counts',
    'resample gives for counts what compute gives for copied images',
    { resample: (options, input) => () => f1.compute(f1.options.parse(options), input).value },
  ],
];

describe('metric checks', () => {
  it.each(metricComponents.map((metric) => ({ metric })))('pass for $metric.name', async ({ metric }) => {
    expect((await runChecks(metricChecks, metric)).filter(({ error }) => error)).toEqual([]);
  });

  it.each(bad)('fail for one that %s', async (_, failing, change) => {
    const failed = (await runChecks(metricChecks, { ...f1, ...change })).filter(({ error }) => error);
    expect(failed.map(({ name }) => name)).toContain(failing);
  });
});
