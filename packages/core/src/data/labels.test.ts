import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { samplesWith } from '../../test/support/samples.js';

import { labelMatrix, requireDifferingLabels } from './labels.js';

describe('labelMatrix', () => {
  it('has one row for each sample, one column for each label', () => {
    expect(labelMatrix(samplesWith([['b'], [], ['a', 'c', 'a']]), ['a', 'b', 'c'])).toEqual({
      dtype: 'uint8',
      shape: [3, 3],
      data: Uint8Array.of(0, 1, 0, 0, 0, 0, 1, 0, 1),
    });
  });

  it('refuses a label it does not know', async () => {
    const error = await kindredErrorOf(() => labelMatrix(samplesWith([['cat']]), ['cats', 'dogs']));
    expect(error.code).toBe('KINDRED_DATA_LABEL');
    expect(error.hint).toBe('Did you mean "cats"?');
  });
});

describe('requireDifferingLabels', () => {
  const codeOf = (labels: string[][]) =>
    kindredErrorOf(() => {
      requireDifferingLabels({ labels: ['a', 'b'], samples: samplesWith(labels) }, 'the head "multi-label"');
    });

  it.each([
    [[['a'], ['a']]],
    [[[], []]],
    [
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
    ],
  ])('refuses %j', async (labels) => {
    expect((await codeOf(labels)).code).toBe('KINDRED_DATA_ONE_LABEL');
  });

  it('takes one label that some images carry and others do not', () => {
    expect(() => {
      requireDifferingLabels({ labels: ['a'], samples: samplesWith([['a'], []]) }, 'a head');
    }).not.toThrow();
  });
});
