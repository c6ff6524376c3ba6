import { KindredError } from '../errors/kindred-error.js';
import type { NdArrays } from '../tensor/nd-array.js';

import type { TrainingResult } from './task.js';

interface Place {
  readonly task: string;
  readonly epoch: number;
  readonly step?: number;
  /** Where in the step the first such number is, as in 'the output of the layer conv1'. */
  readonly first?: string | undefined;
}

const HINT =
  "Lower the optimizer's learningRate, and check that features and loss weights are finite and not huge. " +
  'The history up to the epoch before shows whether the loss was already rising.';

/** Training that stopped because a number was not finite any more. */
export class TrainingDivergedError extends KindredError {
  /**
   * @param kept what training would have returned had it ended with the last epoch whose weights gave a finite loss. Absent if
   * there was none.
   */
  constructor(
    { message, received, hint, cause }: KindredError,
    readonly kept: TrainingResult | undefined,
  ) {
    super('KINDRED_TRAIN_NAN', { message, received, ...(hint !== undefined && { hint }), cause });
  }

  /** The same with more to say of what to do. */
  withHint(more: string): TrainingDivergedError {
    return new TrainingDivergedError(
      new KindredError(this.code, {
        message: this.message,
        received: this.received,
        hint: `${more} ${this.hint}`,
        cause: this.cause,
      }),
      this.kept,
    );
  }
}

/** The error for a number that is not finite. */
export function notFiniteError(value: unknown, what: string, { task, epoch, step, first }: Place): KindredError {
  const where = step === undefined ? `epoch ${epoch}` : `epoch ${epoch}, step ${step}`;
  return new KindredError('KINDRED_TRAIN_NAN', {
    message: `The ${what} of '${task}' must stay a finite number. Got ${String(value)} in ${where}${first === undefined ? '' : `, first in ${first}`}.`,
    received: value,
    hint: HINT,
  });
}

/** @throws KINDRED_TRAIN_NAN if a weight holds NaN or an infinity, which the last step's loss cannot show. */
export function checkFiniteWeights(task: string, weights: NdArrays, epoch: number): void {
  for (const [name, { data }] of Object.entries(weights)) {
    const bad = data.find((value) => !Number.isFinite(value));
    if (bad !== undefined) throw notFiniteError(bad, `weight '${name}'`, { task, epoch });
  }
}
