import { float32, type Scored, uint8 } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { fixed } from './fixed.js';

const validation: Scored = {
  labels: ['drama', 'comedy', 'constructor'],
  scores: float32([1, 3]),
  targets: uint8([1, 3]),
};
const choose = (options: object) => fixed.choose(fixed.options.parse(options), validation);

describe('fixed', () => {
  it.each([
    ['one half by default', {}, [0.5, 0.5, 0.5]],
    ['one value for all labels', { value: 0.3 }, [0.3, 0.3, 0.3]],
    ['its own value for a label, the others keeping theirs', { value: 0.3, labels: { comedy: 0 } }, [0.3, 0, 0.3]],
  ])('gives %s', (_, options, values) => {
    expect(choose(options)).toEqual({ values, notes: [] });
  });

  it('takes any score of a detector, and says where one separates nothing', () => {
    const one = { labels: ['normal'], scores: float32([3, 1], [-40, 2, 300]), targets: uint8([3, 1], [0, 1, 1]) };
    const chosen = (value: number) => fixed.choose(fixed.options.parse({ value }), one);
    expect(chosen(-1.5)).toEqual({ values: [-1.5], notes: [] });
    expect(chosen(301)).toEqual({
      values: [301],
      notes: ['"normal" is given to no validation image at the threshold 301: scores lie between -40.0 and 300.'],
    });
    expect(chosen(-40).notes).toEqual([
      '"normal" is given to every validation image at the threshold -40: scores lie between -40.0 and 300.',
    ]);
  });

  it('says where a threshold of probabilities is none, and not where one is just never reached', () => {
    expect(choose({ value: 0.9, labels: { comedy: 1.1 } })).toEqual({
      values: [0.9, 1.1, 0.9],
      notes: ['"comedy" is given to no validation image at the threshold 1.1: scores lie between 0.00 and 0.00.'],
    });
  });

  it('needs no validation images', () => {
    const empty = { ...validation, scores: float32([0, 3]), targets: uint8([0, 3]) };
    expect(fixed.choose(fixed.options.parse({}), empty).values).toEqual([0.5, 0.5, 0.5]);
  });

  it('refuses a label that the dataset does not have, and names the nearest', () => {
    expect(() => choose({ labels: { comdy: 0.4 } })).toThrow(
      expect.objectContaining({
        code: 'KINDRED_DATA_LABEL',
        message: 'Every label that the threshold fixed names must be a label of the dataset. Got "comdy".',
        hint: 'Did you mean "comedy"?',
      }) as Error,
    );
  });

  it.each([[{ value: Infinity }], [{ value: NaN }], [{ labels: { drama: '0.1' } }], [{ values: 0.5 }]])(
    'refuses the options %j',
    (options) => {
      expect(fixed.options.safeParse(options).success).toBe(false);
    },
  );
});
