import { defineEngine } from '@kindred/core';
import { z } from 'zod';

import { chooseDevice } from './device/choose-device.js';
import { DEVICE_OPTIONS } from './device/device.js';
import { createOnnxEngine } from './engine.js';

const options = z.strictObject({
  workers: z
    .union([z.literal('auto'), z.int().min(1).max(64)])
    .default('auto')
    .describe('Threads that run programs side by side; auto: one for each processor.'),
  threads: z.int().min(1).max(64).default(1).describe('Processors for each worker.'),
  device: z
    .enum(DEVICE_OPTIONS)
    .default('cpu')
    .describe(
      'Where programs are computed. It is tried out at the start; auto: cuda or webgpu where they work, else cpu.',
    ),
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
  async create(filled, { log }) {
    const { device } = await chooseDevice(filled.device, log);
    return createOnnxEngine({ ...filled, device });
  },
});
