import { definePlugin } from '@kindred/core';

import { asymmetric } from './losses/asymmetric.js';
import { binaryCrossEntropy } from './losses/binary-cross-entropy.js';
import { focal } from './losses/focal.js';
import { multiLabel } from './multi-label/multi-label.js';
import { adam } from './optimizers/adam.js';
import { adamw } from './optimizers/adamw.js';
import { sgd } from './optimizers/sgd.js';

// Components
export { adam, adamw, asymmetric, binaryCrossEntropy, focal, multiLabel, sgd };

/** Heads, the losses they are trained with, and optimizers. */
export default definePlugin({
  name: '@kindred/heads',
  apiVersion: 1,
  components: [multiLabel, binaryCrossEntropy, focal, asymmetric, sgd, adam, adamw],
});
