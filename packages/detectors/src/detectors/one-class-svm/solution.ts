import { setImmediate as turn } from 'node:timers/promises';

import type { Context, ProgressStep } from '@kindred/core';

import type { Point } from './optimality.js';

export interface SolveOptions {
  /** Upper bound of the share of outliers, in (0, 1]. */
  readonly nu: number;
  readonly tolerance: number;
  /** Pairs of rows that may be moved in all. */
  readonly maxIterations: number;
  /** Rows whose kernel matrix, `4 * workingSet^2` bytes, may be in memory, twice while it grows. */
  readonly workingSet: number;
}

export interface Solution extends Point {
  readonly iterations: number;
  /** By how much the conditions of optimality are violated; below the tolerance if the solver converged. */
  readonly violation: number;
}

export interface Services extends Pick<Context, 'signal' | 'random'> {
  readonly progress: ProgressStep;
}

/** Reports progress, lets the event loop turn, and stops here if the run was stopped. */
export async function pause({ signal, progress }: Services, moved: number): Promise<void> {
  progress.advance(moved);
  await turn();
  signal.throwIfAborted();
}
