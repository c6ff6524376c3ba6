import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../../test/support/catch-error.js';
import { quietContext } from '../../../test/support/load-context.js';
import { realData } from '../../../test/support/real-data.js';
import { samplesWith } from '../../../test/support/samples.js';
import { createRandom } from '../../context/random.js';
import type { Sample } from '../../plugin/contract.js';
import { loadCsv } from '../csv/load-csv.js';
import { csvOptions } from '../csv/options.js';

import { splitOptions, type SplitOptions } from './options.js';
import { splitSamples, type Split } from './split-samples.js';

const strategies = ['random', 'stratified', 'iterative'] as const;
const options = (given: Partial<SplitOptions> = {}) => splitOptions.parse(given);
const split = (samples: Sample[], given: Partial<SplitOptions>, seed = 1, groups?: string[]) =>
  splitSamples({ samples, groups }, options(given), createRandom(seed));
const partsOf = ({ train, validation, test }: Split) => [train, validation, test];
const sizes = (result: Split) => partsOf(result).map((part) => part.length);
const range = (length: number) => Array.from({ length }, (_, i) => i);

/** Skewed, correlated labels: label j with probability 0.6 / (j + 1)^1.5, and label 1 mostly with label 0. */
function drawnSamples(count: number, labels: number, seed: number): Sample[] {
  const random = createRandom(seed);
  return samplesWith(
    range(count).map(() => {
      const carried = range(labels).filter((j) => random.next() < 0.6 / (j + 1) ** 1.5);
      return (carried.includes(1) && !carried.includes(0) && random.next() < 0.8 ? [0, ...carried] : carried).map(
        String,
      );
    }),
  );
}

/** Labels distribution of Sechidis et al., section 4.1: the mean over labels of how far the parts' odds are from the whole's. */
function labelsDistribution(samples: readonly Sample[], parts: readonly (readonly number[])[]): number {
  const odds = (indices: readonly number[], label: string) => {
    const carriers = indices.filter((i) => samples[i]?.labels.includes(label)).length;
    return carriers / (indices.length - carriers);
  };
  const labels = [...new Set(samples.flatMap((sample) => sample.labels))];
  const all = samples.map((_, i) => i);
  const far = labels.map(
    (label) => parts.reduce((sum, part) => sum + Math.abs(odds(part, label) - odds(all, label)), 0) / parts.length,
  );
  return far.reduce((sum, value) => sum + value, 0) / labels.length;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(strategies)('%s split', (strategy) => {
  it('puts every sample into exactly one part, ascending, in the sizes asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 300 }), fc.integer(), (count, seed) => {
        const result = split(drawnSamples(count, 6, seed), { strategy, validation: 0.2, test: 7 - 4 }, seed);
        const held = Math.round(count * 0.2);
        expect(sizes(result)).toEqual([count - held - 3, held, 3]);
        for (const part of partsOf(result)) expect(part).toEqual([...part].sort((a, b) => a - b));
        expect(
          partsOf(result)
            .flat()
            .sort((a, b) => a - b),
        ).toEqual(range(count));
      }),
      { numRuns: 50 },
    );
  });

  it('repeats itself for a seed and differs for another', () => {
    const samples = drawnSamples(100, 5, 3);
    expect(split(samples, { strategy }, 7)).toEqual(split(samples, { strategy }, 7));
    expect(split(samples, { strategy }, 7)).not.toEqual(split(samples, { strategy }, 8));
  });

  it('keeps byte-identical images on one side', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 60, maxLength: 120 }),
        fc.integer(),
        (hashes, seed) => {
          const groups = hashes.map(String);
          const result = split(
            drawnSamples(hashes.length, 4, seed),
            { strategy, validation: 0.2, test: 0.2 },
            seed,
            groups,
          );
          const sides = partsOf(result).map((part) => new Set(part.map((i) => groups[i])));
          const distinct = new Set(groups).size;
          expect(sides.reduce((sum, side) => sum + side.size, 0)).toBe(distinct);

          const largest = Math.max(...[...new Set(groups)].map((g) => groups.filter((other) => other === g).length));
          const asked = Math.round(hashes.length * 0.2);
          for (const size of sizes(result).slice(1)) expect(Math.abs(size - asked)).toBeLessThanOrEqual(largest);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gives every sample the same chance of each part', () => {
    const samples = samplesWith(range(40).map((i) => (i % 4 === 0 ? ['a'] : ['b'])));
    const times = new Array<number>(40).fill(0);
    const rounds = 2000;
    for (let seed = 0; seed < rounds; seed++) {
      for (const i of split(samples, { strategy, validation: 0.1, test: 0.2 }, seed).test)
        times[i] = (times[i] ?? 0) + 1;
    }
    // Standard error of a share of .2 over 2,000 rounds: .009. Five of them.
    for (const count of times) expect(Math.abs(count / rounds - 0.2)).toBeLessThan(0.045);
  });

  it('refuses parts that would be empty', async () => {
    const codeOf = async (count: number, given: Partial<SplitOptions>, groups?: string[]) => {
      const error = await kindredErrorOf(() => split(drawnSamples(count, 3, 1), { strategy, ...given }, 1, groups));
      return [error.code, /The (\w+) part/.exec(error.message)?.[1]];
    };
    expect(await codeOf(4, { test: 0 })).toEqual(['KINDRED_DATA_TOO_FEW', 'validation']);
    expect(await codeOf(4, { validation: 0 })).toEqual(['KINDRED_DATA_TOO_FEW', 'test']);
    expect(await codeOf(10, { validation: 5, test: 5 })).toEqual(['KINDRED_DATA_TOO_FEW', 'train']);
    expect(await codeOf(10, { validation: 20, test: 0 })).toEqual(['KINDRED_DATA_TOO_FEW', 'train']);
    expect((await codeOf(50, {}, new Array<string>(50).fill('same')))[0]).toBe('KINDRED_DATA_TOO_FEW');
  });

  it('goes without parts that are not asked for', () => {
    expect(sizes(split(drawnSamples(5, 2, 1), { strategy, validation: 0, test: 0 }))).toEqual([5, 0, 0]);
  });
});

describe('stratified split', () => {
  it('gives each part its share of every class, to about one sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 2, maxLength: 12 }),
        fc.integer(),
        (counts, seed) => {
          fc.pre(counts.reduce((a, b) => a + b, 0) >= 20);
          const samples = samplesWith(counts.flatMap((count, label) => new Array<string[]>(count).fill([`c${label}`])));
          const result = split(samples, { strategy: 'stratified', validation: 0.1, test: 0.25 }, seed);
          counts.forEach((count, label) => {
            for (const part of partsOf(result)) {
              const share = (count * part.length) / samples.length;
              const got = part.filter((i) => samples[i]?.labels[0] === `c${label}`).length;
              // Both ends of a stratum in the dealing order are off by less than one sample.
              expect(Math.abs(got - share)).toBeLessThan(2);
            }
          });
        },
      ),
    );
  });
});

describe('iterative split', () => {
  it('matches label shares far better than a random split, on drawn data', () => {
    const distances = (strategy: SplitOptions['strategy']) =>
      range(20).map((seed) => {
        const samples = drawnSamples(400, 12, seed);
        return labelsDistribution(samples, partsOf(split(samples, { strategy }, seed)));
      });
    const iterative = distances('iterative');
    const random = distances('random');
    expect(iterative.every((value, i) => value < (random[i] ?? 0))).toBe(true);
    expect(mean(iterative)).toBeLessThan(mean(random) / 3);
  });

  it('gives a label with three samples one in each of three equal parts', () => {
    const samples = samplesWith([...range(27).map(() => ['common']), ['common', 'rare'], ['common', 'rare'], ['rare']]);
    for (const seed of range(20)) {
      const parts = partsOf(split(samples, { strategy: 'iterative', validation: 10, test: 10 }, seed));
      expect(parts.map((part) => part.filter((i) => i >= 27).length)).toEqual([1, 1, 1]);
    }
  });

  it.skipIf(realData === undefined)('does so on the poster genres', async () => {
    const parsed = csvOptions.parse({
      path: 'posters/train.csv',
      image: 'Images/{Id}.jpg',
      labels: { columns: 'one-hot', ignore: ['Genre'] },
    });
    const { samples } = await loadCsv(parsed, quietContext(realData ?? ''));
    const distances = (strategy: SplitOptions['strategy']) =>
      range(10).map((seed) => labelsDistribution(samples, partsOf(split([...samples], { strategy }, seed))));
    const [iterative, random] = [distances('iterative'), distances('random')];
    expect(Math.max(...iterative)).toBeLessThan(Math.min(...random));
    expect(sizes(split([...samples], { strategy: 'iterative' }))).toEqual([1906, 238, 238]);
  });
});

describe('split options', () => {
  it('fill in the defaults', () => {
    expect(options()).toEqual({ strategy: 'auto', validation: 0.1, test: 0.1 });
  });

  it.each([-0.1, 1.5, Number.NaN, Infinity])('refuse the size %s', (test) => {
    expect(splitOptions.safeParse({ test }).success).toBe(false);
  });

  it('choose the strategy by the samples', () => {
    const single = samplesWith(range(40).map((i) => [i % 2 ? 'a' : 'b']));
    const several = samplesWith(range(40).map((i) => (i % 2 ? ['a', 'c'] : ['b'])));
    expect(split(single, {})).toEqual(split(single, { strategy: 'stratified' }));
    expect(split(several, {})).toEqual(split(several, { strategy: 'iterative' }));
  });
});
