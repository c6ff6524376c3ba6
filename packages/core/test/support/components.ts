import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { corePlugin } from '../../src/plugin/core-plugin.js';
import { componentOption } from '../../src/plugin/component-option.js';
import type { Plugin } from '../../src/plugin/contract.js';
import {
  defineBackbone,
  defineCalibrator,
  defineDataset,
  defineDetector,
  defineEngine,
  defineHead,
  defineLoss,
  defineOptimizer,
  definePlugin,
  defineThreshold,
  defineTransform,
} from '../../src/plugin/define.js';
import { createRegistry, type Registry } from '../../src/plugin/registry.js';
import { createEagerEngine } from '../../src/testing/eager-engine.js';

const none = z.strictObject({});
/** What a manifest's check must never do. */
const built = (): never => {
  throw new Error('something was built');
};

/** A head that refers to a loss and has an option of most types. */
const linear = defineHead({
  name: 'linear',
  version: 2,
  summary: 'A test head.',
  options: z.strictObject({
    hidden: z.array(z.int().min(1)).max(2).default([]),
    rate: z.number().min(0).lt(1).default(0.5),
    activation: z.enum(['relu', 'tanh', 'sigmoid']).default('relu'),
    bias: z.boolean().default(true),
    title: z.string().min(1).optional(),
    loss: componentOption('loss', 'squared'),
  }),
  create: built,
});

const squared = defineLoss({
  name: 'squared',
  version: 1,
  summary: 'A test loss.',
  options: z.strictObject({ weight: z.number().gt(0).default(1) }),
  create: () => (logits, targets) => tf.squaredDifference(logits, targets),
});

const scale = defineTransform({
  name: 'scale',
  version: 1,
  summary: 'A test transform.',
  options: z.strictObject({ by: z.number() }),
  fit: () => Promise.resolve({ tensors: {}, json: {} }),
  apply: ({ options }, x) => tf.mul(x, options.by),
});

/** Components of every kind that a manifest can name, beside core's own; those with work to do refuse to do it. */
export const testPlugin: Plugin = definePlugin({
  name: 'test-plugin',
  apiVersion: 1,
  components: [
    defineBackbone({ name: 'pixels', version: 1, summary: 'A test backbone.', options: none, create: built }),
    defineBackbone({
      name: 'learner',
      version: 1,
      summary: 'A test backbone that learns.',
      options: none,
      tags: { trainable: true },
      create: built,
    }),
    linear,
    squared,
    scale,
    defineDataset({ name: 'blank', version: 1, summary: 'A dataset without options.', options: none, load: built }),
    defineDetector({
      name: 'distance',
      version: 1,
      summary: 'A test detector.',
      options: none,
      fit: built,
      apply: built,
    }),
    defineCalibrator({
      name: 'same',
      version: 1,
      summary: 'A test calibrator.',
      options: none,
      fit: built,
      apply: built,
    }),
    defineThreshold({ name: 'half', version: 1, summary: 'A test threshold.', options: none, choose: built }),
    defineOptimizer({
      name: 'adam',
      version: 1,
      summary: 'A test optimizer.',
      options: z.strictObject({ learningRate: z.number().gt(0).default(0.001) }),
      create: built,
    }),
    defineEngine({
      name: 'onnx',
      version: 1,
      summary: 'A test engine.',
      options: none,
      create: () => Promise.resolve(createEagerEngine()),
    }),
  ],
});

export const testRegistry: Registry = createRegistry([corePlugin, testPlugin]);
