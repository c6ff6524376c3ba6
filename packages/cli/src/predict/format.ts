import type { BranchPrediction, Prediction } from '@kindred/core/host';

import { formatScore } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { oneLine } from '../terminal/width.js';

/**
 * Lines for one image, one a branch: its path, the branch, and the `top` labels with their probabilities, a `+` before those at
 * or above their threshold; or the novelty score. Columns are parted by tabs, so that `cut` and spreadsheets read them.
 */
export function formatPrediction(prediction: Prediction, top: number, style: Style): string[] {
  const image = oneLine(prediction.sample.id);
  if ('error' in prediction) return [];
  return Object.entries(prediction.branches).map(
    ([name, branch]) => `${image}\t${style.dim(oneLine(name))}\t${branchText(branch, top, style)}`,
  );
}

function branchText(branch: BranchPrediction, top: number, style: Style): string {
  if (branch.kind === 'novelty') return formatScore(branch.score);
  return branch.labels
    .slice(0, top)
    .map(({ label, score, chosen }) => {
      const text = `${chosen ? '+' : '-'}${oneLine(label)} ${formatScore(score)}`;
      return chosen ? style.bold(text) : style.dim(text);
    })
    .join('\t');
}
