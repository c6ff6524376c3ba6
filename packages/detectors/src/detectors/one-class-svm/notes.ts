import type { Solution } from './solve-whole.js';

/** What a person should know of a fit. */
export function notesOf(
  { iterations, violation }: Pick<Solution, 'iterations' | 'violation'>,
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
  return notes;
}
