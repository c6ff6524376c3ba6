import { defineEngine } from '@kindred/core';
import { z } from 'zod';

import { createTensorflowEngine } from './engine.js';

const options = z.strictObject({
  device: z.enum(['auto', 'gpu']).default('auto').describe('gpu: only with one; auto: whatever libtensorflow finds.'),
});

/** The engine for machines with a GPU, or with libtensorflow; it has to be installed. */
export const tensorflow = defineEngine({
  name: 'tensorflow',
  version: 1,
  summary: 'Runs programs op by op with libtensorflow, GPU included: `kindred engines install tensorflow`.',
  options,
  create: ({ device }, { cacheDir, baseDir }) => createTensorflowEngine({ device, cacheDir, baseDir }),
});
