import { createRandom, uint8, type NdArray } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { drawBatches } from './batch.js';
import { createDeck } from './deck.js';
import { indexLabels } from './label-index.js';
import { drawPairs } from './pairs.js';
import type { Sampler } from './sampler.js';
import { drawTriplets } from './triplets.js';

/** Targets `[N, L]` of the labels of each image. */
function targetsOf(images: readonly (readonly number[])[], labels: number): NdArray<'uint8'> {
  const targets = uint8([images.length, labels]);
  images.forEach((carried, row) => carried.forEach((label) => (targets.data[row * labels + label] = 1)));
  return targets;
}
/** So many images of each label. */
const counts = (...sizes: number[]) =>
  targetsOf(
    sizes.flatMap((size, label) => new Array(size).fill([label]) as number[][]),
    sizes.length,
  );

interface Given {
  readonly batchSize: number;
  readonly batches?: number;
  readonly imagesPerLabel?: number;
  readonly seed?: number;
}
function draw(sampler: Sampler, targets: NdArray<'uint8'>, given: Given) {
  const { batchSize, batches = 20, imagesPerLabel = 4, seed = 1 } = given;
  const index = indexLabels(targets);
  const rows = sampler({ index, batchSize, batches, imagesPerLabel, random: createRandom(seed) });
  return { rows, ...index };
}
const groups = (rows: readonly number[], size: number) =>
  Array.from({ length: rows.length / size }, (_, i) => rows.slice(i * size, (i + 1) * size));
const labelsOf = (targets: NdArray<'uint8'>, row: number) => {
  const [, labels = 1] = targets.shape;
  return Array.from({ length: labels }, (_, j) => j).filter((j) => targets.data[row * labels + j] === 1);
};
const times = (items: readonly number[], item: number) => items.filter((other) => other === item).length;

describe.each([
  ['pairs', drawPairs, 8],
  ['triplets', drawTriplets, 9],
  ['batches', drawBatches, 8],
] as const)('%s', (_, sampler, batchSize) => {
  const targets = counts(5, 6, 7);

  it('are whole batches, the same for the same seed and others for another', () => {
    const { rows } = draw(sampler, targets, { batchSize });
    expect(rows).toHaveLength(20 * batchSize);
    expect(draw(sampler, targets, { batchSize }).rows).toEqual(rows);
    expect(draw(sampler, targets, { batchSize, seed: 2 }).rows).not.toEqual(rows);
  });

  it('reach every image, and leave out labels without any', () => {
    const withEmpty = targetsOf(
      Array.from({ length: 10 }, (__, row) => [row < 5 ? 1 : 3]),
      6,
    );
    expect(new Set(draw(sampler, withEmpty, { batchSize }).rows)).toEqual(
      new Set(Array.from({ length: 10 }, (__, i) => i)),
    );
  });

  it('leave out images without a label', () => {
    const some = targetsOf([[0], [0], [0], [], [1], [1], [1], []], 2);
    const { rows } = draw(sampler, some, { batchSize });
    expect(rows.filter((row) => row === 3 || row === 7)).toEqual([]);
  });

  it('are impossible with one label', () => {
    expect(() => draw(sampler, counts(9), { batchSize })).toThrow(
      expect.objectContaining({
        code: 'KINDRED_DATA_PAIRS',
        message: 'Pairs for the head siamese must come from images of at least two labels. 9 images have one label.',
        hint: expect.stringContaining('detector') as string,
      }) as Error,
    );
    expect(() => draw(sampler, targetsOf([[], []], 2), { batchSize })).toThrow('2 images have no label.');
  });

  it('are impossible with a label for each image', () => {
    expect(() => draw(sampler, counts(1, 1, 1, 1), { batchSize })).toThrow(
      expect.objectContaining({
        code: 'KINDRED_DATA_PAIRS',
        message: expect.stringMatching(/with two or more images each. Of 4 images, 0 labels have as many.$/) as string,
        hint: expect.stringContaining('Add images of the same labels') as string,
      }) as Error,
    );
  });
});

describe('drawPairs', () => {
  it('gives half of the pairs of the same label, two different images each', () => {
    const targets = counts(3, 40, 5);
    const { rows, same } = draw(drawPairs, targets, { batchSize: 12 });
    groups(rows, 2).forEach(([a = NaN, b = NaN], i) => {
      expect(same(a, b)).toBe(i % 2 === 0);
      expect(a).not.toBe(b);
    });
  });

  it('takes labels equally often, however many images they have', () => {
    const targets = counts(3, 40, 5);
    const { rows } = draw(drawPairs, targets, { batchSize: 60 });
    const anchors = groups(rows, 4).map(([a = NaN]) => labelsOf(targets, a)[0] ?? NaN);
    expect([0, 1, 2].map((label) => times(anchors, label))).toEqual([100, 100, 100]);
  });

  it('takes the images of a label equally often for pairs of the same', () => {
    const { rows } = draw(drawPairs, counts(4, 4), { batchSize: 16 });
    const firsts = groups(rows, 4).flatMap(([a = NaN, b = NaN]) => [a, b]);
    const often = Array.from({ length: 8 }, (_, row) => times(firsts, row));
    // The same decks also deal the anchors of other pairs.
    expect(Math.min(...often)).toBeGreaterThan(0.5 * Math.max(...often));
  });

  it('pairs a label of one image with others alone', () => {
    const { rows, same } = draw(drawPairs, counts(1, 6), { batchSize: 8 });
    expect(rows).toContain(0);
    groups(rows, 2)
      .filter(([a = NaN, b = NaN]) => same(a, b))
      .forEach((pair) => expect(pair).not.toContain(0));
  });

  it('never takes images that share one of several labels for different', () => {
    const targets = targetsOf([[0, 1], [0], [1, 2], [2], [0, 1, 2], [1], [3], [3, 0]], 4);
    const { rows, same } = draw(drawPairs, targets, { batchSize: 16 });
    groups(rows, 2).forEach(([a = NaN, b = NaN], i) => expect(same(a, b)).toBe(i % 2 === 0));
  });

  it('is impossible where every image shares a label with every other', () => {
    expect(() => draw(drawPairs, targetsOf([[0, 1], [0], [0, 1], [0]], 2), { batchSize: 8 })).toThrow(
      expect.objectContaining({
        code: 'KINDRED_DATA_PAIRS',
        message: expect.stringContaining('Each of 4 images shares one with all others.') as string,
      }) as Error,
    );
  });

  it.each([2, 3, 9, 0])('refuses batches of %i', (batchSize) => {
    expect(() => draw(drawPairs, counts(3, 3), { batchSize })).toThrow(
      expect.objectContaining({ code: 'KINDRED_DATA_PAIRS', path: 'training.batchSize', received: batchSize }) as Error,
    );
  });
});

describe('drawTriplets', () => {
  it('gives an anchor, another of its label and one of another label', () => {
    const { rows, same } = draw(drawTriplets, counts(2, 9, 4), { batchSize: 30 });
    for (const [anchor = NaN, positive = NaN, negative = NaN] of groups(rows, 3)) {
      expect(anchor).not.toBe(positive);
      expect([same(anchor, positive), same(anchor, negative)]).toEqual([true, false]);
    }
  });

  it('refuses batches that are not whole triplets, and says what to do', () => {
    expect(() => draw(drawTriplets, counts(3, 3), { batchSize: 64 })).toThrow(
      expect.objectContaining({
        code: 'KINDRED_DATA_PAIRS',
        message: 'The batch size of the head siamese must be a multiple of 3, for whole triplets. Got 64.',
        hint: expect.stringContaining('"sampler" to "batch"') as string,
      }) as Error,
    );
  });
});

describe('drawBatches', () => {
  it('gives different labels with as many different images each', () => {
    const targets = counts(6, 7, 8, 9, 10);
    const { rows } = draw(drawBatches, targets, { batchSize: 16 });
    for (const batch of groups(rows, 16)) {
      expect(new Set(batch).size).toBe(16);
      const labels = groups(batch, 4).map((images) => new Set(images.flatMap((row) => labelsOf(targets, row))));
      expect(labels.every(({ size }) => size === 1)).toBe(true);
      expect(new Set(labels.map(([label]) => label)).size).toBe(4);
    }
  });

  it('takes a label again where there are fewer than a batch holds, and repeats images where those are few', () => {
    const targets = counts(2, 3);
    const { rows } = draw(drawBatches, targets, { batchSize: 12, batches: 4 });
    for (const batch of groups(rows, 12)) {
      expect(new Set(batch).size).toBe(5);
      groups(batch, 4).forEach((images) =>
        expect(new Set(images.flatMap((row) => labelsOf(targets, row))).size).toBe(1),
      );
    }
  });

  it('gives no image twice where a label that comes again has enough', () => {
    const { rows } = draw(drawBatches, counts(8, 8, 8), { batchSize: 24 });
    for (const batch of groups(rows, 24)) expect(new Set(batch).size).toBe(24);
  });

  it('needs two labels with two images', () => {
    expect(() => draw(drawBatches, counts(5, 1, 1), { batchSize: 8 })).toThrow(
      'The head siamese must get at least two labels with two or more images each. Of 7 images, 1 labels have as many.',
    );
  });

  it.each([[10], [4], [0]])('refuses batches of %i with 4 images of a label', (batchSize) => {
    expect(() => draw(drawBatches, counts(5, 5), { batchSize })).toThrow(
      `The batch size of the head siamese must be a multiple of "imagesPerLabel", 4, and at least twice as large. Got ${batchSize}.`,
    );
  });
});

describe('a deck', () => {
  it('deals every card before any comes again', () => {
    const deck = createDeck([1, 2, 3, 4, 5], createRandom(3));
    const dealt = Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => deck.take(1)[0]!));
    dealt.forEach((round) => expect(round.sort()).toEqual([1, 2, 3, 4, 5]));
  });

  it('deals no card twice in one hand while there are others', () => {
    const deck = createDeck([1, 2, 3, 4, 5], createRandom(3));
    for (let hand = 0; hand < 50; hand++) expect(new Set(deck.take(3)).size).toBe(3);
    expect(new Set(deck.take(12))).toEqual(new Set([1, 2, 3, 4, 5]));
  });
});
