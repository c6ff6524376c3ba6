/** Where a dual stands: `alpha` `[N]` and the gradient of the objective, `K alpha`. */
export interface Point {
  readonly alpha: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * By how much the conditions of optimality are violated: the highest gradient that may still fall less the lowest that may still rise. At
 * or below 0 no move of weight between two rows lowers the objective.
 */
export function violationOf({ alpha, gradient }: Point): number {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < alpha.length; i++) {
    const g = gradient[i]!;
    if (alpha[i]! < 1 && g < lowest) lowest = g;
    if (alpha[i]! > 0 && g > highest) highest = g;
  }
  return highest - lowest;
}

/** What float32 may make of a score, as a share of the greatest. */
const ROUNDING = 1e-6;

/**
 * The offset rho of the decision function. Rows between their bounds lie on the boundary, their gradients equal up to the solver's
 * tolerance. libsvm takes the mean, by which half of them fall outside, more than nu allows; here it is the lowest, less what rounding may
 * do to scores. Without such rows it is the middle of the interval that the others leave, as in libsvm, and where all rows are on the
 * upper bound (nu = 1), which libsvm cannot do, the interval's lower end.
 */
export function offsetOf({ alpha, gradient }: Point): number {
  let largest = 0;
  let free = Infinity;
  let low = -Infinity;
  let high = Infinity;
  for (let i = 0; i < alpha.length; i++) {
    const g = gradient[i]!;
    largest = Math.max(largest, Math.abs(g));
    if (alpha[i]! >= 1) low = Math.max(low, g);
    else if (alpha[i]! <= 0) high = Math.min(high, g);
    else free = Math.min(free, g);
  }
  if (free === Infinity) free = high === Infinity ? low : (low + high) / 2;
  return free - ROUNDING * largest;
}
