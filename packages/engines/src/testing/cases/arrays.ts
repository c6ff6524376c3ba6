import * as tf from '@tensorflow/tfjs-core';

import { numbers } from '../numeric-case.js';

export const cube = numbers([3, 4, 5]);
export const image = numbers([2, 5, 7, 3]);

/** Behind a pooling, an engine may hold the tensor as NCHW only: what follows must mind the order of its axes. */
export const pooled = (x: tf.Tensor): tf.Tensor => tf.maxPool(x as tf.Tensor4D, 2, 1, 'valid');
