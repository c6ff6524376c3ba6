import type { NdArrays } from '../tensor/nd-array.js';

export interface Candidate {
  readonly epoch: number;
  readonly weights: NdArrays;
  /** Lower is better; absent without validation. */
  readonly validationLoss: number | undefined;
}

/** Which epoch's weights to return, and whether to go on. */
export interface Selection {
  /** Takes an epoch's result; true if training should stop. */
  offer(candidate: Candidate): boolean;
  readonly chosen: Candidate;
}

/** Starts with the weights before training, which any epoch replaces. */
export function createSelection(
  initial: NdArrays,
  { restoreBest = true, patience = Infinity }: { restoreBest?: boolean | undefined; patience?: number | undefined },
): Selection {
  let chosen: Candidate = { epoch: 0, weights: initial, validationLoss: undefined };
  let best = Infinity;
  let bestEpoch = 0;
  return {
    offer(candidate) {
      const { epoch, validationLoss } = candidate;
      const better = validationLoss !== undefined && validationLoss < best;
      if (better) [best, bestEpoch] = [validationLoss, epoch];
      if (better || validationLoss === undefined || !restoreBest) chosen = candidate;
      return validationLoss !== undefined && epoch - bestEpoch >= patience;
    },
    get chosen() {
      return chosen;
    },
  };
}
