import type { TrainResult } from '@kindred/core/host';

/** A figure of one run. */
export interface Figure {
  readonly value: number;
  /** Bootstrap or Wilson interval of 95 % over the test images. */
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  /** What a predictor that sees no image reaches. */
  readonly floor: number | null;
}

/** A figure that a system is judged by. */
export interface Measure {
  readonly branch: string;
  /** The name of a metric in the branch's evaluation. */
  readonly metric: string;
  /** Absent for what is only compared. */
  readonly target?: Target;
}

/** What the mean over the seeds must reach. */
export type Target =
  | { readonly atLeast: number }
  | { readonly atMost: number }
  /** At least so much above the floor. */
  | { readonly aboveFloor: number };

/** @throws RangeError if the run has no such figure */
export function figureOf({ evaluations }: Pick<TrainResult, 'evaluations'>, { branch, metric }: Measure): Figure {
  const evaluation = evaluations[branch];
  const found = evaluation?.metrics.find(({ name }) => name === metric);
  if (!found || found.value === null) {
    const known = evaluation ? evaluation.metrics.map(({ name }) => name) : Object.keys(evaluations);
    throw new RangeError(`The run must have ${metric} of branch '${branch}'. It has ${known.join(', ')}.`);
  }
  return { value: found.value, interval: found.interval, floor: found.floor.value };
}

export function reaches(target: Target, mean: number, floor: number | null): boolean {
  if ('atMost' in target) return mean <= target.atMost;
  if ('atLeast' in target) return mean >= target.atLeast;
  return mean >= (floor ?? NaN) + target.aboveFloor;
}

export function targetText(target: Target): string {
  if ('atMost' in target) return `at most ${target.atMost}`;
  if ('atLeast' in target) return `at least ${target.atLeast}`;
  return `floor + ${target.aboveFloor}`;
}
