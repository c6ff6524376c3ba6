import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

import type { Fitted } from './contract.js';
import { defineDataset, defineLoss, defineTransform } from './define.js';

const info = { name: 'x', version: 1, summary: 'X.' };
const options = z.strictObject({ k: z.int().default(3), mode: z.enum(['a', 'b']).optional() });
interface Options {
  k: number;
  mode?: 'a' | 'b' | undefined;
}

describe('define helpers', () => {
  it('give a definition its kind and change nothing else', () => {
    const create = () => (logits: tf.Tensor) => logits;
    expect(defineLoss({ ...info, options, create })).toEqual({ kind: 'loss', ...info, options, create });
  });

  it('infer the type of options from their schema, with defaults applied', () => {
    defineDataset({
      ...info,
      options,
      load(given) {
        expectTypeOf(given).toEqualTypeOf<Options>();
        return Promise.resolve({ labels: [], samples: [] });
      },
    });
  });

  it('infer what apply gets from what fit returns', () => {
    defineTransform({
      ...info,
      options,
      fit: (): Promise<Fitted<{ mean: number }>> => Promise.resolve({ tensors: {}, json: { mean: 0 } }),
      apply(state, x) {
        expectTypeOf(state.options).toEqualTypeOf<Options>();
        expectTypeOf(state.json).toEqualTypeOf<{ mean: number }>();
        return tf.sub(x, state.json.mean);
      },
    });
  });

  it('do not compile where options are used wrongly', () => {
    defineLoss({
      ...info,
      options,
      create(given) {
        // @ts-expect-error there is no option of this name
        void given.temperature;
        // @ts-expect-error k is a number
        const text: string = given.k;
        return (logits) => tf.mul(logits, text.length);
      },
    });
    // @ts-expect-error a loss without create
    defineLoss({ ...info, options });
  });
});
