import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { KindredError } from '../errors/kindred-error.js';
import type { FitData, Transform } from '../plugin/contract.js';
import { defineTransform } from '../plugin/define.js';
import { float32 } from '../tensor/nd-array.js';

import { runChecks } from './check.js';
import { transformChecks } from './checks-transform.js';

function requireValid({ x }: FitData): void {
  if (x.shape[0] && x.data.every(Number.isFinite)) return;
  throw new KindredError('KINDRED_FEATURES_INVALID', { message: 'Features must be finite numbers.' });
}

/** Subtracts each column's first value. */
const good: Transform = defineTransform({
  name: 'from-first',
  version: 1,
  summary: 'Subtracts the first row.',
  options: z.strictObject({ factor: z.number().default(1) }),
  fit(_, data) {
    requireValid(data);
    const columns = data.x.shape[1]!;
    return Promise.resolve({ tensors: { first: float32([columns], data.x.data.slice(0, columns)) }, json: {} });
  },
  apply: ({ options, tensors }, x) => tf.mul(tf.sub(x, tensors.first!), options.factor),
});

let calls = 0;
const bad: [hazard: string, failing: string, change: Partial<Transform>][] = [
  [
    'sorts the data in place',
    'fit leaves options and data unchanged',
    {
      fit: (options, data, ctx) => {
        requireValid(data);
        data.x.data.sort();
        return good.fit(options, data, ctx);
      },
    },
  ],
  [
    'draws from outside of its random stream',
    'fit gives the same state for the same data, bit for bit',
    {
      fit: async (options, data, ctx) => ({ ...(await good.fit(options, data, ctx)), json: { calls: calls++ } }),
    },
  ],
  [
    'divides by a spread of zero',
    'apply gives one row of finite numbers for each image',
    {
      apply: (_, x) => tf.div(x, tf.max(tf.abs(x), 1, true)),
    },
  ],
  [
    'sums images up',
    'apply gives one row of finite numbers for each image',
    {
      apply: (_, x) => tf.sum(x, 0, true),
    },
  ],
  [
    'subtracts the mean of the batch',
    'apply treats each image by itself',
    {
      apply: (_, x) => tf.sub(x, tf.mean(x, 0, true)),
    },
  ],
  [
    'keeps a Set in json',
    'the state can be saved as arrays and JSON',
    {
      fit: async (options, data, ctx) => ({ ...(await good.fit(options, data, ctx)), json: { seen: new Set([1]) } }),
    },
  ],
  [
    'takes any features',
    'fit refuses NaN among the features with a named error',
    {
      fit: (_, { x }) => Promise.resolve({ tensors: { first: float32([x.shape[1]!]) }, json: {} }),
    },
  ],
];

describe('transform checks', () => {
  it('pass for a correct transform', async () => {
    expect((await runChecks(transformChecks, good, { factor: 2 })).filter(({ error }) => error)).toEqual([]);
  });

  it.each(bad)('fail for one that %s', async (_, failing, change) => {
    const failed = (await runChecks(transformChecks, { ...good, ...change })).filter(({ error }) => error);
    expect(failed.map(({ name }) => name)).toContain(failing);
    expect(failed.find(({ name }) => name === failing)!.error).toMatchObject({
      code: 'KINDRED_PLUGIN_RESULT',
      message: expect.stringMatching(/must .*Seen: /) as string,
    });
  });
});
