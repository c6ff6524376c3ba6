import { definePlugin } from '@kindred/core';

import { augmentations } from './augmentations/augmentations.js';
import { resnet50 } from './resnet50/resnet50.js';
import { smallCnn } from './small-cnn/small-cnn.js';

// Components
export { resnet50, smallCnn };
export * from './augmentations/augmentations.js';

// For backbones of one's own
export { buildLayersModel } from './layers-model/build-layers-model.js';
export type { LayersNetwork } from './layers-model/layers-network.js';
export { networkFromLayersModel } from './layers-model/network-from-layers-model.js';

export default definePlugin({
  name: '@kindred/backbones',
  apiVersion: 1,
  components: [resnet50, smallCnn, ...augmentations],
});
