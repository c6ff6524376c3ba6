import { ascending, binOptions, fillBins } from './calibration-bins.js';

/** One bin of probabilities that holds images. */
export interface ReliabilityBin {
  /** Mean probability of its images. */
  readonly probability: number;
  /** Share of them that are positive: the same where probabilities are calibrated. */
  readonly share: number;
  readonly count: number;
}

/**
 * Probabilities against what came true, bins without images left out: scikit-learn's `calibration_curve`.
 * @param probabilities `[N]` between 0 and 1
 * @param targets `[N]` of 0 and 1
 * @throws ZodError if `options` do not fit
 */
export function reliabilityCurve(
  probabilities: Float32Array,
  targets: Uint8Array,
  options: { bins?: number; strategy?: 'uniform' | 'quantile' } = {},
): ReliabilityBin[] {
  const once = new Uint32Array(probabilities.length).fill(1);
  const bins = fillBins(ascending(probabilities, targets), once, binOptions.parse(options));
  return Array.from(bins.counts, (count, bin) => ({
    probability: bins.probabilities[bin]! / count,
    share: bins.positives[bin]! / count,
    count,
  })).filter(({ count }) => count > 0);
}
