import { addScaled, difference, dot, largest } from './vectors.js';
import { type Objective, wolfeSearch } from './wolfe-search.js';

export interface LbfgsOptions {
  /** Falling: there is a result for the first point at which no entry of the gradient is larger, as scikit-learn's `tol`, for each. */
  readonly tolerances: readonly number[];
  readonly maxIterations: number;
  /** Called before each iteration: may throw to stop, and may wait to let others run. */
  readonly onIteration?: (iteration: number) => void | Promise<void>;
  /** Measures a gradient in place of its largest entry; what is above `tolerance` need not be exact. */
  readonly size?: (gradient: Float64Array, tolerance: number) => number;
}

export interface LbfgsResult {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** Whether the gradient is within the tolerance. */
  readonly converged: boolean;
}

/** Corrections kept, as SciPy's `maxcor`. */
const MEMORY = 10;

/**
 * Minimises a smooth function from `start`, which is not changed, by limited-memory BFGS: steps along -H g, where H approximates the
 * inverse Hessian from the last `MEMORY` steps (Nocedal 1980; Nocedal and Wright 2006, algorithms 7.4 and 7.5), with step lengths that
 * meet the strong Wolfe conditions. It ends without convergence after `maxIterations`, or where float64 admits no further descent.
 * Results are in the order of the tolerances.
 */
export async function lbfgs(objective: Objective, start: Float64Array, options: LbfgsOptions): Promise<LbfgsResult[]> {
  const { tolerances, maxIterations, size = largest } = options;
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  const steps: Correction[] = [];
  const results: LbfgsResult[] = [];
  let iterations = 0;
  for (; ; iterations++) {
    while (
      results.length < tolerances.length &&
      size(gradient, tolerances[results.length]!) <= tolerances[results.length]!
    )
      results.push({ x, value, iterations, converged: true });
    if (results.length === tolerances.length || iterations >= maxIterations) break;
    await options.onIteration?.(iterations);
    const direction = descentDirection(gradient, steps);
    // Before anything is known of the curvature, a step of length 1 at most.
    const first = steps.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)));
    const found = wolfeSearch(objective, { x, value, gradient, direction }, first);
    if (!found) {
      // The corrections may have gone bad; without any, the next direction is the steepest one.
      if (steps.length === 0) break;
      steps.length = 0;
      continue;
    }
    remember(steps, difference(found.x, x), difference(found.gradient, gradient));
    ({ x, value, gradient } = found);
  }
  return tolerances.map((_, i) => results[i] ?? { x, value, iterations, converged: false });
}

/** A step s and the change y of the gradient along it. */
interface Correction {
  readonly s: Float64Array;
  readonly y: Float64Array;
  /** 1 / (y . s) */
  readonly rho: number;
}

function remember(steps: Correction[], s: Float64Array, y: Float64Array): void {
  const curvature = dot(s, y);
  // Without curvature along the step the approximation would lose its positive definiteness.
  if (curvature <= Number.EPSILON * dot(y, y)) return;
  steps.push({ s, y, rho: 1 / curvature });
  if (steps.length > MEMORY) steps.shift();
}

/** -H g by the two-loop recursion. */
function descentDirection(gradient: Float64Array, steps: readonly Correction[]): Float64Array {
  const q = gradient.map((value) => -value);
  const shares = steps.map(() => 0);
  for (let k = steps.length - 1; k >= 0; k--) {
    const { s, y, rho } = steps[k]!;
    shares[k] = rho * dot(s, q);
    addScaled(q, y, -shares[k]!);
  }
  const last = steps.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i]! *= scale;
  }
  steps.forEach(({ s, y, rho }, k) => {
    addScaled(q, s, shares[k]! - rho * dot(y, q));
  });
  return q;
}
