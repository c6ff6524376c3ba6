import type { Column } from '../data/calibration-data.js';

/** The temperature is looked for between a thousandth and a thousand times the size of the scores. */
const RANGE = 1e3;

export interface TemperatureFit {
  /** 1 / T. */
  readonly inverse: number;
  /** Set where likelihood keeps growing past the range: towards equal probabilities, or towards certain ones. */
  readonly limit?: 'flat' | 'certain';
}

/**
 * The `1 / T > 0` for which `sigmoid(score / T)` makes the truth most likely, by Newton's method inside a bracket. The negative log-likelihood is
 * convex in `1 / T`, so its slope changes sign once.
 */
export function fitTemperature({ scores, targets }: Column): TemperatureFit {
  const size = Math.sqrt(scores.reduce((sum, score) => sum + score ** 2, 0) / scores.length);
  if (size === 0) return { inverse: 1, limit: 'flat' };
  const values = Float64Array.from(scores, (score) => score / size);
  const slopeAt = (inverse: number) => slopeAndCurvature(values, targets, inverse);

  let [low, high] = [1 / RANGE, RANGE];
  if (slopeAt(low).slope >= 0) return { inverse: low / size, limit: 'flat' };
  if (slopeAt(high).slope <= 0) return { inverse: high / size, limit: 'certain' };
  let inverse = 1;
  while (high / low - 1 > 1e-12) {
    const { slope, curvature } = slopeAt(inverse);
    if (slope === 0) break;
    if (slope < 0) low = inverse;
    else high = inverse;
    const next = inverse - slope / curvature;
    if (Math.abs(next - inverse) <= 1e-12 * inverse) break;
    inverse = next > low && next < high ? next : Math.sqrt(low * high);
  }
  return { inverse: inverse / size };
}

function slopeAndCurvature(
  values: Float64Array,
  targets: Uint8Array,
  inverse: number,
): { slope: number; curvature: number } {
  let [slope, curvature] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const probability = 1 / (1 + Math.exp(-inverse * value));
    slope += (probability - targets[i]!) * value;
    curvature += probability * (1 - probability) * value ** 2;
  }
  return { slope, curvature };
}
