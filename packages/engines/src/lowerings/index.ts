import type { Lowering } from '../trace/lowering.js';

import { activationLowerings } from './activations.js';
import { atan2Lowerings } from './atan2.js';
import { batchNormLowerings } from './batch-norm.js';
import { binaryLowerings } from './binary.js';
import { bincountLowerings } from './bincount.js';
import { castLowerings } from './cast.js';
import { conv2dLowerings } from './conv2d.js';
import { conv2dGradientLowerings } from './conv2d-gradients.js';
import { cropLowerings } from './crop.js';
import { einsumLowerings } from './einsum.js';
import { localResponseLowerings } from './local-response.js';
import { maxPoolWithArgmaxLowerings } from './max-pool-with-argmax.js';
import { resizeLowerings } from './resize.js';
import { resizeGradientLowerings } from './resize-gradients.js';
import { scatterLowerings } from './scatter.js';
import { searchSortedLowerings } from './search-sorted.js';
import { spaceLowerings } from './space.js';
import { poolGradientLowerings } from './pool-gradients.js';
import { gatherLowerings } from './gather.js';
import { generateLowerings } from './generate.js';
import { scanLowerings } from './scan.js';
import { randomLowerings } from './random-uniform.js';
import { matmulLowerings } from './matmul.js';
import { padLowerings } from './pad.js';
import { poolLowerings } from './pool.js';
import { reduceLowerings } from './reduce.js';
import { shapeLowerings } from './shape.js';
import { sliceLowerings } from './slice.js';
import { treeEnsembleLowerings } from './tree-ensemble.js';
import { unaryLowerings } from './unary.js';

/** Every tfjs kernel that programs may use. To add one: write its file here and list it. */
export const LOWERINGS: readonly Lowering[] = [
  ...unaryLowerings,
  ...activationLowerings,
  ...binaryLowerings,
  ...atan2Lowerings,
  ...castLowerings,
  ...reduceLowerings,
  ...shapeLowerings,
  ...sliceLowerings,
  ...padLowerings,
  ...matmulLowerings,
  ...conv2dLowerings,
  ...batchNormLowerings,
  ...poolLowerings,
  ...conv2dGradientLowerings,
  ...poolGradientLowerings,
  ...resizeLowerings,
  ...resizeGradientLowerings,
  ...spaceLowerings,
  ...cropLowerings,
  ...localResponseLowerings,
  ...maxPoolWithArgmaxLowerings,
  ...gatherLowerings,
  ...scatterLowerings,
  ...bincountLowerings,
  ...searchSortedLowerings,
  ...einsumLowerings,
  ...generateLowerings,
  ...scanLowerings,
  ...randomLowerings,
  ...treeEnsembleLowerings,
];
