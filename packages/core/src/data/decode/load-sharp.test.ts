import sharp from 'sharp';
import { expect, it } from 'vitest';

import { loadSharp } from './load-sharp.js';

it('sets up libvips with the first use, not on import', async () => {
  sharp.cache({ items: 50 });
  sharp.concurrency(3);
  await import('./decode-image.js');
  expect(sharp.concurrency()).toBe(3);

  await loadSharp();
  expect(sharp.concurrency()).toBe(1);
  expect(sharp.cache().items.max).toBe(0);
});
