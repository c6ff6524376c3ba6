import type { EpochRecord, EpochWeights } from './task.js';

export interface Candidate extends EpochWeights {
  /** Lower is better; absent without validation. */
  readonly validationLoss: number | undefined;
}

/** Which epoch's weights to return, and whether to go on. */
export interface Selection {
  /** Takes an epoch's result; true if training should stop. */
  offer(candidate: Candidate): boolean;
  readonly chosen: EpochWeights;
  /** Whether the last epoch that was offered was one too many. */
  readonly stopped: boolean;
}

interface SelectionOptions {
  readonly restoreBest?: boolean | undefined;
  readonly patience?: number | undefined;
}

/**
 * Starts with the weights before training, which any epoch replaces; or after the epochs of `history`, which led to the choice of
 * `chosen`.
 */
export function createSelection(
  start: EpochWeights,
  { restoreBest = true, patience = Infinity }: SelectionOptions,
  history: readonly EpochRecord[] = [],
): Selection {
  let chosen = start;
  let best = Infinity;
  let bestEpoch = 0;
  let stopped = false;
  /** True if the epoch is better than all before it. */
  const judge = (epoch: number, validationLoss: number | undefined): boolean => {
    const better = validationLoss !== undefined && validationLoss < best;
    if (better) [best, bestEpoch] = [validationLoss, epoch];
    stopped = validationLoss !== undefined && epoch - bestEpoch >= patience;
    return better;
  };
  for (const { epoch, validationLoss } of history) judge(epoch, validationLoss);
  return {
    offer({ epoch, weights, validationLoss }) {
      const better = judge(epoch, validationLoss);
      if (better || validationLoss === undefined || !restoreBest) chosen = { epoch, weights };
      return stopped;
    },
    get chosen() {
      return chosen;
    },
    get stopped() {
      return stopped;
    },
  };
}
