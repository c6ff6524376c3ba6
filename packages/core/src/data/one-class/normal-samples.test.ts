import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../../test/support/catch-error.js';
import { samplesWith } from '../../../test/support/samples.js';

import { isNormal, learnableLabels, refuseUnnamedNormal } from './normal-samples.js';
import { oneClassOptions } from './options.js';

const dataset = {
  labels: ['cat', 'dog', 'tame', 'car'],
  samples: samplesWith([['cat', 'tame'], ['dog'], ['car']]),
};
const oneClass = (normal: string | string[]) => oneClassOptions.parse({ normal });
const errorOf = (body: () => unknown) => kindredErrorOf(() => Promise.resolve().then(body));

describe('one-class data', () => {
  it('takes an image for normal that carries one of the normal labels', () => {
    expect(dataset.samples.map((sample) => isNormal(sample, ['cat', 'dog']))).toEqual([true, true, false]);
  });

  it('lets heads learn the labels of normal images, in the order of the dataset', () => {
    expect(learnableLabels(dataset, oneClass(['dog', 'cat']))).toEqual(['cat', 'dog', 'tame']);
    expect(learnableLabels(dataset, oneClass('car'))).toEqual(['car']);
    expect(learnableLabels(dataset, undefined)).toEqual(dataset.labels);
  });

  it('names the nearest label for a normal one that is not there', async () => {
    const error = await errorOf(() => learnableLabels(dataset, oneClass('cats')));
    expect([error.code, error.hint]).toEqual(['KINDRED_DATA_NORMAL', 'Did you mean "cat"?']);
  });

  it('must have normal images', async () => {
    const samples = samplesWith([['dog']]);
    const error = await errorOf(() => learnableLabels({ ...dataset, samples }, oneClass(['cat', 'car'])));
    expect(error.message).toBe('One-class data must have normal images. None of 1 carries cat or car.');
  });

  it('must be said of several classes, not of one', async () => {
    const error = await errorOf(() => refuseUnnamedNormal(dataset, 'main'));
    expect([error.code, error.message]).toEqual([
      'KINDRED_DATA_NORMAL',
      "A detector must be told which of several classes are normal. The branch 'main' has images of 4: cat, dog, tame, car.",
    ]);
    expect(() => refuseUnnamedNormal({ labels: ['food'], samples: [] }, 'main')).not.toThrow();
  });
});
