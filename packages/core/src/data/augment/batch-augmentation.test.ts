import { describe, expect, it } from 'vitest';

import { augmentations, augmentationsModule } from '../../../test/support/augmentations.js';
import { noise } from '../../../test/support/images.js';
import { createRandom } from '../../context/random.js';
import type { ImageSpec } from '../../plugin/contract.js';

import { batchAugmentation } from './batch-augmentation.js';

const spec: ImageSpec = { width: 20, height: 14, channels: 3, resize: 'stretch' };
const list = augmentations({ use: 'move', by: 0.3 }, { use: 'mirror' }, { use: 'noise' }, { use: 'move' });

const withThreads = (workers: number | undefined, seed = 1, bound = list) =>
  batchAugmentation(bound, {
    spec,
    limitInputPixels: 1e6,
    random: createRandom(seed),
    moduleOf: () => (workers === undefined ? undefined : augmentationsModule),
    ...(workers !== undefined && { workers }),
  });

describe('augmentation of batches', () => {
  it('x', async () => {
    const bytes = await noise().png().toBuffer();
    const here = withThreads(undefined);
    const there = withThreads(2);
    const run = (a: typeof here, epoch: number) =>
      Promise.all([0, 1, 2, 3, 4, 5].map((index) => a.epoch(epoch).decoder!.decode(bytes, { location: 'x', index })));
    const t = performance.now();
    const r = await run(there, 1);
    console.error(performance.now() - t);
    expect(r).toEqual(await run(here, 1));
    await there.close();
  });
});
