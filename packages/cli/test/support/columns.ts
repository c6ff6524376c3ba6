import { defineBackbone } from '@kindred/core';
import { mean } from '@tensorflow/tfjs-core';
import { z } from 'zod';

/** A frozen backbone that needs no download: the mean colour of each of eight columns. */
export const columns = defineBackbone({
  name: 'columns',
  version: 1,
  summary: 'The mean colour of each column.',
  options: z.strictObject({}),
  create: () =>
    Promise.resolve({
      input: { width: 8, height: 8, channels: 3, resize: 'stretch' },
      features: 24,
      trainable: false,
      fingerprint: 'columns-1',
      network: { init: () => ({}), forward: (_, x) => mean(x.toFloat().div(255), 1).reshape([-1, 24]) },
    }),
});
