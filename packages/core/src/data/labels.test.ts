import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { samplesWith } from '../../test/support/samples.js';

import { labelMatrix, requireDifferingLabels, requireOneLabelEach } from './labels.js';

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

  it('says why one class alone teaches nothing, and the ways out', async () => {
    const samples = samplesWith([['cage'], ['cage'], ['cage']]);
    const error = await kindredErrorOf(() => {
      requireDifferingLabels({ labels: ['cage'], samples }, "the head of branch 'main'");
    });
    expect(error).toMatchObject({
      code: 'KINDRED_DATA_ONE_LABEL',
      message:
        "The labels must differ between images for the head of branch 'main'. All 3 images carry the same: cage. " +
        'To answer that always, whatever the image shows, would have no error: nothing could be learned.',
      received: ['cage'],
    });
    for (const way of ['another folder', 'data.negatives', 'a detector']) expect(error.hint).toContain(way);
  });

  it('takes one label that some images carry and others do not', () => {
    expect(() => {
      requireDifferingLabels({ labels: ['a'], samples: samplesWith([['a'], []]) }, 'a head');
    }).not.toThrow();
  });
});

describe('requireOneLabelEach', () => {
  const check = (labels: string[][]) => () => {
    requireOneLabelEach(samplesWith(labels), "the head binary of branch 'main'");
  };

  it('takes images with one label each, also if it is listed twice', () => {
    expect(check([['cat'], ['dog'], ['dog', 'dog']])).not.toThrow();
  });

  it('names the images that carry both labels or neither', async () => {
    const error = await kindredErrorOf(check([['cat'], [], ['dog', 'cat'], ['dog']]));
    expect(error).toMatchObject({
      code: 'KINDRED_DATA_EXCLUSIVE',
      message:
        "Every image must carry exactly one label for the head binary of branch 'main'. 2 of 4 do not: s1 (no label), s2 (dog and cat).",
      path: '/nowhere/s1.png',
      received: ['s1', 's2'],
    });
  });

  it('names five and counts the rest', async () => {
    const error = await kindredErrorOf(check([['cat'], ...Array.from({ length: 8 }, () => [])]));
    expect(error.message).toContain('s5 (no label) and 3 more.');
  });
});
