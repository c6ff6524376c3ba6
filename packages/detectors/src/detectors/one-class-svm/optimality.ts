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

/**
 * The offset rho of the decision function: the mean gradient of the rows between their bounds, or, if there are none, the middle
 * of the interval that the others leave, as in libsvm. Where all rows lie on the upper bound (nu = 1), which libsvm cannot do, the
 * interval's lower end.
 */
export function offsetOf({ alpha, gradient }: Point): number {
  let sum = 0;
  let free = 0;
  let low = -Infinity;
  let high = Infinity;
  for (let i = 0; i < alpha.length; i++) {
    const g = gradient[i]!;
    if (alpha[i]! >= 1) low = Math.max(low, g);
    else if (alpha[i]! <= 0) high = Math.min(high, g);
    else {
      sum += g;
      free++;
    }
  }
  if (free > 0) return sum / free;
  return high === Infinity ? low : (low + high) / 2;
}
