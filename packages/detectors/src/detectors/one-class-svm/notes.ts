import type { Solution } from './solution.js';

/** Below this spread, as a share of the greatest kernel sum, float32 leaves scores fewer than three digits. */
const LEAST_SPREAD = 2e-3;

/** What a person should know of a fit. */
export function notesOf(
  { iterations, violation, gradient }: Omit<Solution, 'alpha'>,
  { nu, tolerance }: { readonly nu: number; readonly tolerance: number },
): string[] {
  const notes: string[] = [];
  if (violation >= tolerance) {
    notes.push(
      `one-class-svm stopped after ${iterations} iterations before it converged: the conditions of optimality are violated by ` +
        `${violation.toPrecision(3)}, the tolerance is ${tolerance}. Scale the features (standard-scaler), or raise maxIterations or the tolerance.`,
    );
  }
  if (nu === 1) {
    notes.push(
      'With nu 1 the boundary of one-class-svm lies at the most normal training image: all others are outside of it.',
    );
  }
  const [lowest, highest] = rangeOf(gradient);
  if (highest - lowest < LEAST_SPREAD * Math.max(Math.abs(lowest), Math.abs(highest))) {
    notes.push(
      'The training images look almost alike to one-class-svm, so few digits of its scores are exact. Scale the features (standard-scaler), ' +
        'raise gamma, or look for copies among the images.',
    );
  }
  return notes;
}

function rangeOf(values: Float64Array): [lowest: number, highest: number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return [lowest, highest];
}
