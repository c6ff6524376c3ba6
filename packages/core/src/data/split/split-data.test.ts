import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../../test/support/catch-error.js';
import { samplesWith } from '../../../test/support/samples.js';
import { createRandom } from '../../context/random.js';
import type { SampleRole } from '../sample-role.js';

import { splitOptions } from './options.js';
import { splitData, type DataInput } from './split-data.js';

const HELD = ['validation', 'test'] as const;

/** `food` normal images, then others of two classes, three of `cars` for each of `cats`. */
function mixed(food: number, others: number) {
  const labels = [
    ...Array.from({ length: food }, () => ['food']),
    ...Array.from({ length: others }, (_, i) => [i % 4 === 0 ? 'cats' : 'cars']),
  ];
  const samples = samplesWith(labels);
  return { samples, normal: labels.map(([label]) => label === 'food') };
}

type Given = Pick<DataInput, 'samples' | 'normal' | 'groups'> & Partial<DataInput>;

const split = (input: Given, sizes: object, othersIn: DataInput['othersIn'] = HELD) =>
  splitData({ roles: input.samples.map(() => 'main'), ...input, othersIn }, splitOptions.parse(sizes), createRandom(1));

describe('a split of one-class data', () => {
  const data = mixed(400, 400);
  const count = (rows: readonly number[], label: string) =>
    rows.filter((row) => data.samples[row]?.labels.includes(label)).length;

  it('trains on normal images alone, and counts sizes in them', () => {
    const { train, validation, test } = split(data, { validation: 50, test: 150 });
    expect([train.length, count(train, 'food')]).toEqual([200, 200]);
    expect([count(validation, 'food'), count(test, 'food')]).toEqual([50, 150]);
  });

  it('deals the others to the held-out parts in proportion, each class likewise', () => {
    const { validation, test } = split(data, { validation: 50, test: 150 });
    expect([count(validation, 'cats'), count(validation, 'cars')]).toEqual([25, 75]);
    expect([count(test, 'cats'), count(test, 'cars')]).toEqual([75, 225]);
  });

  it.each<[DataInput['othersIn'], number, number]>([
    [['test'], 0, 400],
    [['validation'], 400, 0],
    [[], 0, 0],
  ])('puts others into %j alone', (negatives, validation, test) => {
    const parts = split(data, { validation: 0.25, test: 0.25 }, negatives);
    expect([parts.validation.length, parts.test.length]).toEqual([100 + validation, 100 + test]);
  });

  it('leaves others out where nothing is held out', () => {
    const { train, validation, test } = split(data, { validation: 0, test: 0 });
    expect([train.length, validation.length, test.length]).toEqual([400, 0, 0]);
  });

  it('gives every image at most one part, all of them where both parts are there, the same for the same seed', () => {
    const counts = fc.tuple(fc.integer({ min: 10, max: 60 }), fc.integer({ min: 0, max: 60 }));
    fc.assert(
      fc.property(counts, ([food, others]) => {
        const input = mixed(food, others);
        const parts = split(input, { validation: 0.2, test: 0.3 });
        const rows = [...parts.train, ...parts.validation, ...parts.test];
        expect(split(input, { validation: 0.2, test: 0.3 })).toEqual(parts);
        return new Set(rows).size === rows.length && rows.length === food + others;
      }),
      { numRuns: 50 },
    );
  });

  it('keeps copies of an image together', () => {
    const { samples, normal } = mixed(20, 20);
    const groups = samples.map((_, i) => `image ${Math.floor(i / 2)}`);
    const { train, validation, test } = split({ samples, normal, groups }, { validation: 0.2, test: 0.2 });
    for (const part of [train, validation, test]) {
      for (const row of part) expect(part).toContain(row % 2 === 0 ? row + 1 : row - 1);
    }
  });

  it('refuses one image that is both normal and not', async () => {
    const { samples, normal } = mixed(4, 4);
    const groups = samples.map((_, i) => (i === 2 || i === 5 ? 'same' : `image ${i}`));
    const error = await kindredErrorOf(() => Promise.resolve().then(() => split({ samples, normal, groups }, {})));
    expect([error.code, error.message]).toEqual([
      'KINDRED_DATA_NORMAL',
      'An image must be either normal or not. s2 and s5 are byte for byte the same image, one of them normal.',
    ]);
  });

  it('takes a part from a dataset of its own, and none of it from the main one', () => {
    const samples = samplesWith(Array.from({ length: 30 }, (_, i) => [i % 2 ? 'a' : 'b']));
    const roles = samples.map((_, i): SampleRole => (i < 20 ? 'main' : i < 25 ? 'validation' : 'test'));
    const parts = split({ samples, normal: samples.map(() => true), roles }, { validation: 0.5, test: 0.5 });
    expect(parts).toMatchObject({
      train: samples.flatMap((_, i) => (i < 20 ? [i] : [])),
      validation: [20, 21, 22, 23, 24],
      test: [25, 26, 27, 28, 29],
    });
  });

  it('deals images that do not belong to the training part only where something learns from them', () => {
    const { samples, normal } = mixed(80, 40);
    const roles = normal.map((own): SampleRole => (own ? 'main' : 'negatives'));
    const held = split({ samples, normal, roles }, { validation: 0.1, test: 0.1 });
    expect([held.trainNegatives.length, held.validation.length + held.test.length]).toEqual([0, 16 + 40]);
    const all = split({ samples, normal, roles }, { validation: 0.1, test: 0.1 }, ['train', ...HELD]);
    expect([all.train.length, all.trainNegatives.length, all.validation.length, all.test.length]).toEqual([
      ...[64, 32, 12, 12],
    ]);
    expect(all.train.every((row) => normal[row])).toBe(true);
  });

  it('keeps reference images out of all parts', () => {
    const samples = samplesWith([...Array.from({ length: 10 }, () => ['a']), ['x'], ['y']]);
    const roles = samples.map((_, i): SampleRole => (i < 10 ? 'main' : 'reference'));
    const { reference, ...parts } = split({ samples, normal: roles.map((role) => role === 'main'), roles }, {});
    expect(reference).toEqual([10, 11]);
    expect(Object.values(parts).flat().sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it.each(['test', 'validation', 'reference'] as const)(
    'refuses a copy of an image in the %s dataset',
    async (role) => {
      const samples = samplesWith([['a'], ['a'], ['a']]);
      const input = { samples, normal: [true, true, role !== 'reference'], roles: ['main', 'main', role] as const };
      const body = () => split({ ...input, groups: ['one', 'two', 'two'] }, { validation: 0, test: 0 });
      const error = await kindredErrorOf(() => Promise.resolve().then(body));
      expect([error.code, error.message]).toEqual([
        'KINDRED_DATA_ACROSS_PARTS',
        `An image must not be in two parts of the data. /nowhere/s1.png (main) and /nowhere/s2.png (${role}) are byte for byte the same image.`,
      ]);
    },
  );
});
