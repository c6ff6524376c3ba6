import { defineEngine } from '@kindred/core';
import { z } from 'zod';

import { createOnnxEngine } from './engine.js';

const options = z.strictObject({
  workers: z
    .union([z.literal('auto'), z.int().min(1).max(64)])
    .default('auto')
    .describe('Threads that run programs side by side; auto: one for each processor.'),
  threads: z.int().min(1).max(64).default(1).describe('Processors for each worker.'),
  nchwc: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe(
      'Whether convolutions are trained in blocks of channels, a faster order in memory; auto: where a probe finds it right.',
    ),
  shards: z
    .union([z.literal('auto'), z.int().min(1).max(64)])
    .default('auto')
    .describe(
      'Among how many workers each batch in training is divided; auto: by the work of a step and the size of the weights.',
    ),
});

/** The engine that runs everywhere Node does. */
export const onnx = defineEngine({
  name: 'onnx',
  version: 1,
  summary: 'Compiles programs, training included, to ONNX graphs and runs them natively on the processor.',
  options,
  create: (filled) => Promise.resolve(createOnnxEngine(filled)),
});
