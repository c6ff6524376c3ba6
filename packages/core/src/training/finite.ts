import { KindredError } from '../errors/kindred-error.js';
import type { NdArrays } from '../tensor/nd-array.js';

interface Place {
  readonly task: string;
  readonly epoch: number;
  readonly step?: number;
}

const HINT =
  "Lower the optimizer's learningRate, and check that features and loss weights are finite and not huge. " +
  'The history up to the epoch before shows whether the loss was already rising.';

/** Gives the number back. @throws KINDRED_TRAIN_NAN if it is NaN or infinite. */
export function checkFinite(value: number | undefined, what: string, { task, epoch, step }: Place): number {
  if (value !== undefined && Number.isFinite(value)) return value;
  const where = step === undefined ? `epoch ${epoch}` : `epoch ${epoch}, step ${step}`;
  throw new KindredError('KINDRED_TRAIN_NAN', {
    message: `The ${what} of '${task}' must stay a finite number. Got ${value} in ${where}.`,
    received: value,
    hint: HINT,
  });
}

/** @throws KINDRED_TRAIN_NAN if a weight holds NaN or an infinity, which the last step's loss cannot show. */
export function checkFiniteWeights(task: string, weights: NdArrays, epoch: number): void {
  for (const [name, { data }] of Object.entries(weights)) {
    for (const value of data) if (!Number.isFinite(value)) checkFinite(value, `weight '${name}'`, { task, epoch });
  }
}
