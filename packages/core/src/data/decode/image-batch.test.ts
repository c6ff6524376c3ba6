import { expect, it } from 'vitest';

import { kindredErrorOf } from '../../../test/support/catch-error.js';
import { uint8 } from '../../tensor/nd-array.js';

import { ImageBatch } from './image-batch.js';

const spec = { width: 2, height: 1, channels: 1, resize: 'stretch' } as const;

it('packs images into rows and leaves the others zero', () => {
  const batch = new ImageBatch(3, spec);
  expect(batch.add(uint8([1, 2, 1], [1, 2]))).toBe(0);
  expect(batch.add(uint8([1, 2, 1], [3, 4]))).toBe(1);
  expect(batch.count).toBe(2);
  expect(batch.images).toEqual(uint8([3, 1, 2, 1], [1, 2, 3, 4, 0, 0]));
});

it('refuses an image of another size, and more images than rows', async () => {
  const batch = new ImageBatch(1, spec);
  const wrong = await kindredErrorOf(() => batch.add(uint8([1, 3, 1])));
  expect([wrong.code, wrong.received]).toEqual(['KINDRED_PLUGIN_RESULT', [1, 3, 1]]);
  batch.add(uint8([1, 2, 1]));
  expect((await kindredErrorOf(() => batch.add(uint8([1, 2, 1])))).code).toBe('KINDRED_PLUGIN_RESULT');
});
