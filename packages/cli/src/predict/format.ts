import type { BranchPrediction, NoveltyPrediction, Prediction } from '@kindred/core/host';

import { formatScore } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { oneLine } from '../terminal/width.js';

/**
 * Lines for one image, one a branch: its path, the branch, and the `top` labels with their probabilities, a `+` before those at
 * or above their threshold; or `+normal` or `-other`, the chance of being normal where it is calibrated, and the score. Columns are
 * parted by tabs, so that `cut` and spreadsheets read them.
 */
export function formatPrediction(prediction: Prediction, top: number, style: Style): string[] {
  const image = oneLine(prediction.sample.id);
  if ('error' in prediction) return [];
  return Object.entries(prediction.branches).map(
    ([name, branch]) => `${image}\t${style.dim(oneLine(name))}\t${branchText(branch, top, style)}`,
  );
}

function branchText(branch: BranchPrediction, top: number, style: Style): string {
  if (branch.kind === 'novelty') return noveltyText(branch, style);
  return branch.labels
    .slice(0, top)
    .map(({ label, score, chosen }) => {
      const text = `${chosen ? '+' : '-'}${oneLine(label)} ${formatScore(score)}`;
      return chosen ? style.bold(text) : style.dim(text);
    })
    .join('\t');
}

function noveltyText({ normal, probability, score }: NoveltyPrediction, style: Style): string {
  const verdict = normal ? '+normal' : '-other';
  const text = probability === undefined ? verdict : `${verdict} ${formatScore(probability)}`;
  return `${normal ? style.bold(text) : style.dim(text)}\tscore ${formatScore(score)}`;
}
