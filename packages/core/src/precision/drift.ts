import { KindredError } from '../errors/kindred-error.js';
import type { NdArray } from '../tensor/nd-array.js';

/** How near features in 8 bits are to those in float32, over some images. */
export interface Drift {
  readonly images: number;
  /** Whether the images were held out: false where all images are in the training part. */
  readonly heldOut: boolean;
  /** Mean and smallest cosine similarity between the two features of an image. */
  readonly meanCosine: number;
  readonly minCosine: number;
}

/** Compares features `[N, D]`, N at least 1, row by row. */
export function measureDrift(
  float: NdArray<'float32'>,
  bytes: NdArray<'float32'>,
): Pick<Drift, 'images' | 'meanCosine' | 'minCosine'> {
  const [images = 0, width = 1] = float.shape;
  const row = ({ data }: NdArray<'float32'>, i: number) => data.subarray(i * width, (i + 1) * width);
  const cosines = Array.from({ length: images }, (_, i) => cosine(row(float, i), row(bytes, i)));
  const sum = cosines.reduce((total, value) => total + value, 0);
  return { images, meanCosine: sum / images, minCosine: Math.min(...cosines) };
}

/** The cosine of the angle between two vectors; 1 for two zeros, which are equal, and 0 for one. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x = 0, y = 0] = [a[i], b[i]];
    product += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  if (ofA === 0 || ofB === 0) return ofA === ofB ? 1 : 0;
  return product / Math.sqrt(ofA * ofB);
}

/** @throws KINDRED_PRECISION_DRIFT if `1 - mean cosine` is above `maxDrift` */
export function limitDrift({ images, meanCosine, minCosine }: Drift, maxDrift: number): void {
  const drift = 1 - meanCosine;
  if (drift <= maxDrift) return;
  throw new KindredError('KINDRED_PRECISION_DRIFT', {
    message: `Features in int8 must stay close to those in float32: 1 - mean cosine at most ${maxDrift}. Got ${drift.toFixed(4)} on ${images} images (lowest cosine ${minCosine.toFixed(4)}).`,
    path: 'backbone.maxDrift',
    received: drift,
    hint: 'Raise "calibrationImages", leave "precision" out, or raise "maxDrift" if the pipeline\'s metrics are still good.',
  });
}
