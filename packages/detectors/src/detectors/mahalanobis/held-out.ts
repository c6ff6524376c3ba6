/** What of an image's variance others must share at the least, so that its distance from them stays a number. */
const LEAST_SHARED = 1e-6;

/**
 * Squared Mahalanobis distances that the training images would have had from a mean and covariance without them, from those with them: the
 * formula of Sherman & Morrison (1950). The `shrinkage`, the target it shrinks to and the divisor N stay those of all images. Near or
 * below as many images as features, distances of training images are much shorter than those of new ones; these are not.
 */
export function heldOutDistances(distances: Float64Array, shrinkage: number): Float64Array {
  const rows = distances.length;
  const farther = (rows / (rows - 1)) ** 2;
  return distances.map((distance) => {
    const shared = 1 - ((1 - shrinkage) * distance) / (rows - 1);
    return (farther * distance) / Math.max(shared, LEAST_SHARED);
  });
}
