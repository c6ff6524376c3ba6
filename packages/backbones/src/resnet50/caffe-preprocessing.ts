import { cast, reverse, sub, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';

/** ImageNet's mean pixel, blue first, as Caffe's networks had it. */
const MEAN_BGR = [103.939, 116.779, 123.68];

/**
 * What Keras calls `caffe` preprocessing: RGB becomes BGR and the mean pixel is taken away, without scaling.
 * int32 `[N, H, W, 3]` in, float32 `[N, H, W, 3]` out.
 */
export function caffePreprocessing(pixels: Tensor): Tensor {
  return tidy(() => sub(reverse(cast(pixels, 'float32'), -1), tensor1d(MEAN_BGR)));
}
