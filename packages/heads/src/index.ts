import { definePlugin } from '@kindred/core';

import { binary } from './binary/binary.js';
import { deepOneClass } from './deep-one-class/deep-one-class.js';
import { asymmetric } from './losses/asymmetric.js';
import { binaryCrossEntropy } from './losses/binary-cross-entropy.js';
import { contrastive } from './losses/contrastive.js';
import { focal } from './losses/focal.js';
import { hinge } from './losses/hinge.js';
import { meanSquaredError } from './losses/mean-squared-error.js';
import { squaredHinge } from './losses/squared-hinge.js';
import { triplet } from './losses/triplet.js';
import { multiLabel } from './multi-label/multi-label.js';
import { adam } from './optimizers/adam.js';
import { adamw } from './optimizers/adamw.js';
import { sgd } from './optimizers/sgd.js';
import { relevance } from './relevance/relevance.js';
import { cosine } from './schedules/cosine.js';
import { exponential } from './schedules/exponential.js';
import { reduceOnPlateau } from './schedules/reduce-on-plateau.js';
import { step } from './schedules/step.js';
import { siamese } from './siamese/siamese.js';

// Components
export { binary, deepOneClass, multiLabel, relevance, siamese };
export { asymmetric, binaryCrossEntropy, contrastive, focal, hinge, meanSquaredError, squaredHinge, triplet };
export { adam, adamw, sgd };
export { cosine, exponential, reduceOnPlateau, step };

/** Heads, the losses they are trained with, and optimizers. */
export default definePlugin({
  name: '@kindred/heads',
  apiVersion: 1,
  components: [
    // Heads
    multiLabel,
    binary,
    relevance,
    siamese,
    deepOneClass,
    // Losses of logits
    binaryCrossEntropy,
    focal,
    asymmetric,
    hinge,
    squaredHinge,
    meanSquaredError,
    // Losses of pairs and of triplets
    contrastive,
    triplet,
    // Optimizers
    sgd,
    adam,
    adamw,
    // Schedules of the learning rate
    cosine,
    step,
    exponential,
    reduceOnPlateau,
  ],
});
