import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../../test/support/catch-error.js';
import { samplesWith } from '../../../test/support/samples.js';
import { createRandom } from '../../context/random.js';

import { labelGroup } from './label-disjoint.js';
import { splitOptions } from './options.js';
import { splitSamples, type SplitInput } from './split-samples.js';

const split = (input: SplitInput, options: object, seed = 1) =>
  splitSamples(input, splitOptions.parse({ strategy: 'label-disjoint', ...options }), createRandom(seed));
const errorOf = (body: () => unknown) => kindredErrorOf(() => Promise.resolve().then(body));

/** Ten persons with four images each. */
const persons = samplesWith(Array.from({ length: 40 }, (_, i) => [`s${Math.floor(i / 4)}`]));
const labelsOf = (rows: readonly number[], samples = persons) =>
  [...new Set(rows.flatMap((row) => samples[row]?.labels ?? []))].sort();

describe('a label-disjoint split', () => {
  it('puts all images of a label into one part, and counts sizes in labels', () => {
    const parts = split({ samples: persons }, { validation: 0.2, test: 3 });
    const labels = [parts.train, parts.validation, parts.test].map((rows) => labelsOf(rows));
    expect(labels.map((part) => part.length)).toEqual([5, 2, 3]);
    expect(new Set(labels.flat()).size).toBe(10);
    expect(parts.train.length + parts.validation.length + parts.test.length).toBe(40);
  });

  it('draws the labels from the seed', () => {
    const drawn = [1, 1, 2].map((seed) => labelsOf(split({ samples: persons }, { test: 5 }, seed).test).join());
    expect(drawn[0]).toBe(drawn[1]);
    expect(drawn[0]).not.toBe(drawn[2]);
  });

  it('keeps groups of labels together by the first parts of their paths', () => {
    const characters = samplesWith(
      ['Greek', 'Latin', 'Korean', 'Balinese', 'Aramaic'].flatMap((alphabet) =>
        Array.from({ length: 12 }, (_, i) => [`${alphabet}/character${Math.floor(i / 3)}`]),
      ),
    );
    const { train, test } = split({ samples: characters }, { level: 1, validation: 0, test: 1 });
    expect([labelsOf(train, characters).length, labelsOf(test, characters).length]).toEqual([16, 4]);
    expect(new Set(labelsOf(test, characters).map((label) => labelGroup(label, 1))).size).toBe(1);
  });

  it('refuses parts without labels, telling what sizes count', async () => {
    const error = await errorOf(() => split({ samples: persons }, { validation: 5, test: 5 }));
    expect([error.code, error.message]).toEqual([
      'KINDRED_DATA_TOO_FEW',
      'Every part of a label-disjoint split must get labels. The train part would be empty: 10 labels with validation 5 and test 5.',
    ]);
    const small = await errorOf(() => split({ samples: persons }, { validation: 0.01, test: 5 }));
    expect(small.message).toContain('The validation part would be empty');
  });

  it.each([
    ['no label', []],
    ['two labels', ['a', 'b']],
  ])('refuses an image with %s', async (_, labels) => {
    const error = await errorOf(() => split({ samples: samplesWith([['a'], labels]) }, {}));
    expect(error.code).toBe('KINDRED_DATA_LABEL');
  });

  it('refuses copies of an image under labels of different parts', async () => {
    const samples = samplesWith([['a'], ['b']]);
    const error = await errorOf(() => split({ samples, groups: ['same', 'same'] }, { validation: 0, test: 1 }));
    expect([error.code, error.message]).toEqual([
      'KINDRED_DATA_ACROSS_PARTS',
      expect.stringContaining('/nowhere/s1.png (t'),
    ]);
  });
});
