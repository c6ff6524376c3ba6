import { createHash } from 'node:crypto';

import { defineBackbone } from '@kindred/core';

import { architectureOf, smallCnnOptions } from './options.js';
import { smallNetwork } from './small-network.js';

/**
 * A convolutional network of the layers that the manifest lists, trained from its start. D is the width of the last layer.
 * `create` throws KINDRED_BACKBONE_LAYERS if the layers do not fit.
 */
export const smallCnn = defineBackbone({
  name: 'small-cnn',
  version: 2,
  summary: 'A small convolutional network, trained with the rest of the pipeline: a preset, or layers of your own.',
  options: smallCnnOptions,
  tags: { deterministic: true, trainable: true },
  // eslint-disable-next-line @typescript-eslint/require-await -- layers that do not fit must reject the promise
  async create(options) {
    const { input, layers } = architectureOf(options);
    return {
      input,
      ...smallNetwork(input, layers),
      trainable: true,
      fingerprint: createHash('sha256').update(JSON.stringify({ input, layers })).digest('hex'),
    };
  },
});
