import { z } from 'zod';

/** The option `contamination` of detectors whose scores are shifted so that 0 is their boundary. */
export const contaminationOption = z
  .number()
  .min(0)
  .max(0.5)
  .default(0.05)
  .describe('Share of the training images that the boundary leaves outside: their scores are below 0.');

/**
 * The score that a share `contamination` of the training `scores` lies below, by linear interpolation between order statistics
 * (NumPy's default, which scikit-learn's detectors use). A detector's decision function is score minus this.
 */
export function boundaryOf(scores: ArrayLike<number>, contamination: number): number {
  const sorted = Float64Array.from(scores).sort();
  const position = contamination * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}
