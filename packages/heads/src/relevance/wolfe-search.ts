import { dot } from './vectors.js';

/** A differentiable function: gives its value at `x` and writes its gradient, of the same length, to `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface Point {
  readonly x: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
}

/** Sufficient decrease and curvature, as Nocedal and Wright recommend for quasi-Newton directions. */
const DECREASE = 1e-4;
const CURVATURE = 0.9;
const TRIALS = 30;
/** What rounding may add to a value, as a share of it. */
const NOISE = 1e-12;

interface Trial extends Point {
  readonly step: number;
  /** The derivative along the direction. */
  readonly slope: number;
}

/**
 * A point along a descent direction that meets the strong Wolfe conditions, by bracketing and zooming (Nocedal and Wright 2006, algorithms
 * 3.5 and 3.6). Where they cannot be met within float64, the lowest point found that decreases the value enough; undefined if there is none.
 */
export function wolfeSearch(
  objective: Objective,
  from: Point & { readonly direction: Float64Array },
  first: number,
): Point | undefined {
  const { x, direction } = from;
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return undefined;
  const start: Trial = { ...from, step: 0, slope };
  const at = (step: number): Trial => {
    const point = x.map((value, i) => value + step * direction[i]!);
    const gradient = new Float64Array(x.length);
    const value = objective(point, gradient);
    return { x: point, value, gradient, step, slope: dot(gradient, direction) };
  };
  // Near a minimum values differ by rounding alone; slopes still tell (Hager and Zhang 2005, the approximate Wolfe conditions).
  const level = start.value + NOISE * Math.abs(start.value);
  const decreases = (trial: Trial) =>
    trial.value <= start.value + DECREASE * trial.step * slope ||
    (trial.value <= level && trial.slope <= (2 * DECREASE - 1) * slope);
  const flat = (trial: Trial) => Math.abs(trial.slope) <= -CURVATURE * slope;

  let before = start;
  let step = first;
  for (let trials = 0; trials < TRIALS; trials++, step *= 2) {
    const trial = at(step);
    if (decreases(trial) && flat(trial)) return trial;
    if (!decreases(trial) || (trials > 0 && trial.value >= before.value)) return zoom(before, trial);
    if (trial.slope >= 0) return zoom(trial, before);
    before = trial;
  }
  return before.step > 0 ? before : undefined;

  /** Narrows an interval whose lower end decreases enough, and holds a point that meets both conditions. */
  function zoom(low: Trial, high: Trial): Point | undefined {
    for (let trials = 0; trials < TRIALS; trials++) {
      const trial = at(between(low, high));
      if (decreases(trial) && flat(trial)) return trial;
      if (!decreases(trial) || trial.value >= low.value) high = trial;
      else {
        if (trial.slope * (high.step - low.step) >= 0) high = low;
        low = trial;
      }
    }
    return low.step > 0 ? low : undefined;
  }
}

/** The minimum of the cubic through both ends, kept off the ends by a tenth of the interval. */
function between(a: Trial, b: Trial): number {
  const width = b.step - a.step;
  const d = a.slope + b.slope - (3 * (b.value - a.value)) / width;
  const root = Math.sqrt(d * d - a.slope * b.slope) * Math.sign(width);
  const step = b.step - (width * (b.slope + root - d)) / (b.slope - a.slope + 2 * root);
  const share = (step - a.step) / width;
  return a.step + width * (Number.isFinite(share) ? Math.min(0.9, Math.max(0.1, share)) : 0.5);
}
