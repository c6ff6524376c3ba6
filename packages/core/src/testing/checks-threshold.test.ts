import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { Threshold } from '../plugin/contract.js';
import { defineThreshold } from '../plugin/define.js';

import { runChecks } from './check.js';
import { thresholdChecks } from './checks-threshold.js';

const good: Threshold = defineThreshold({
  name: 'half',
  version: 1,
  summary: 'One half for every label.',
  options: z.strictObject({}),
  choose: (_, { labels }) => ({ values: labels.map(() => 0.5), notes: [] }),
});

const bad: [hazard: string, failing: string, choose: Threshold['choose']][] = [
  [
    'gives one threshold for all labels',
    'there is one threshold between 0 and 1 for each label, with ordinary scores',
    () => ({ values: [0.5], notes: [] }),
  ],
  [
    'gives NaN where a label has no positives',
    'there is one threshold between 0 and 1 for each label, with no label on any image',
    (_, { labels, targets }) => ({ values: labels.map(() => (targets.data.includes(1) ? 0.5 : NaN)), notes: [] }),
  ],
  [
    'gives everything',
    'decisions are right where scores tell the images apart',
    (_, { labels }) => ({ values: labels.map(() => 0), notes: [] }),
  ],
  [
    'sorts the scores in place',
    'choose leaves options, scores and targets unchanged',
    (_, { labels, scores }) => ({ values: labels.map(() => scores.data.sort()[0]!), notes: [] }),
  ],
  [
    'takes the first score',
    'the order of images does not matter',
    (_, { labels, scores }) => ({ values: labels.map((__, j) => scores.data[j]!), notes: [] }),
  ],
];

describe('threshold checks', () => {
  it('pass for a correct threshold', async () => {
    expect((await runChecks(thresholdChecks, good)).filter(({ error }) => error)).toEqual([]);
  });

  it.each(bad)('fail for one that %s', async (_, failing, choose) => {
    const failed = (await runChecks(thresholdChecks, { ...good, choose })).filter(({ error }) => error);
    expect(failed.map(({ name }) => name)).toContain(failing);
  });
});
