import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

import { createRandom } from '../context/random.js';
import { float32 } from '../tensor/nd-array.js';

import { activationGroups, type ActivationGroup } from './activation-groups.js';
import { drawActivations } from './activation-picture.js';
import { summarizeActivations } from './activation-summary.js';

const group = (name: ActivationGroup['name'], rows: readonly (readonly number[])[]): ActivationGroup => ({
  name,
  activations: float32([rows.length, rows[0]?.length ?? 0], rows.flat()),
});

async function decoded(groups: readonly ActivationGroup[]) {
  const { data, info } = await sharp(await drawActivations(groups))
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const line = (y: number) => Array.from(data.subarray(y * info.width, (y + 1) * info.width));
  return { ...info, line };
}

describe('activationGroups', () => {
  const split = { train: [0, 2], validation: [1, 4], test: [6], trainNegatives: [3], reference: [7] };
  const normal = [true, true, true, false, false, false, false, false];
  const rows = float32([8, 1], [0, 1, 2, 3, 4, 5, 6, 7]);

  it('parts images that belong by their part, and puts all others together', () => {
    const groups = activationGroups(rows, split, { normal });
    expect(groups.map(({ name, activations }) => [name, Array.from(activations.data)])).toEqual([
      ['training', [0, 2]],
      ['validation', [1]],
      ['negatives', [3, 4, 6]],
    ]);
  });
});

describe('summarizeActivations', () => {
  it('gives the share of neurons above 0 of an image, its mean and its spread', () => {
    const groups = [
      group('training', [
        [1, 0, 2, 3],
        [0, -1, 0.5, 0],
      ]),
      group('negatives', [[0, 0, 0, 0]]),
    ];
    expect(summarizeActivations('species.relevant', groups)).toEqual({
      layer: 'species.relevant',
      neurons: 4,
      groups: [
        // Shares of 3 / 4 and 1 / 4.
        { name: 'training', images: 2, active: { mean: 0.5, deviation: 0.25 } },
        { name: 'negatives', images: 1, active: { mean: 0, deviation: 0 } },
      ],
    });
  });
});

describe('drawActivations', () => {
  it('draws a row for each image, a column for each neuron, and a grey line between kinds', async () => {
    const picture = await decoded([
      group('training', [
        [1, 0, 0.5],
        [0, -3, 1],
      ]),
      group('negatives', [[0.25, 0, 0]]),
    ]);
    expect([picture.width, picture.height, picture.channels]).toEqual([3, 3 * 4 + 2, 1]);
    expect([0, 3, 4, 8, 9, 10, 13].map(picture.line)).toEqual([
      [255, 0, 128],
      [255, 0, 128],
      [0, 0, 255],
      [128, 128, 128],
      [128, 128, 128],
      [64, 0, 0],
      [64, 0, 0],
    ]);
  });

  it('shows 24 images of a kind at most, evenly over all', async () => {
    const rows = Array.from({ length: 240 }, (_, i) => [i + 1]);
    const { height, line } = await decoded([group('test', rows)]);
    expect(height).toBe(24 * 4);
    // Of 1, 11, ..., 231 the highest is white.
    expect(line(0)).toEqual([Math.round(255 / 231)]);
    expect(line(95)).toEqual([255]);
  });

  it('is not darkened by an outlier, nor by a layer that is never active', async () => {
    const row = [...new Array<number>(199).fill(1), 1000];
    expect((await decoded([group('training', [row])])).line(0)).toEqual(new Array(200).fill(255));
    expect((await decoded([group('training', [[0, -1]])])).line(0)).toEqual([0, 0]);
  });

  it('is a PNG in shades of grey', async () => {
    const png = await drawActivations([group('training', [[1, 2]])]);
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', channels: 1, depth: 'uchar' });
  });

  it('gives the same bytes for the same activations', async () => {
    const random = createRandom(1);
    const rows = Array.from({ length: 30 }, () => Array.from({ length: 500 }, () => random.normal()));
    const groups = [group('training', rows), group('negatives', rows.slice(7))];
    expect(await drawActivations(groups)).toEqual(await drawActivations(groups));
  });
});
