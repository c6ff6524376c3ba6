import type { BranchPrediction, MatchPrediction, NoveltyPrediction, Prediction } from '@kindred/core/host';

import { formatScore } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { oneLine } from '../terminal/width.js';

/**
 * Lines for one image, one a branch: its path, the branch, and the `top` labels with their probabilities, a `+` before those at
 * or above their threshold; or `+normal` or `-other`, the chance of being normal where it is calibrated, and the score; or the `top`
 * names of the gallery that are nearest with their distances, a `+` before those near enough. Columns are parted by tabs, so that `cut`
 * and spreadsheets read them.
 */
export function formatPrediction(prediction: Prediction, top: number, style: Style): string[] {
  const image = oneLine(prediction.sample.id);
  if ('error' in prediction) return [];
  const judged = judgedUnknown(prediction.branches);
  return Object.entries(prediction.branches).map(([name, branch]) => {
    const text = branchText(branch, top, style);
    const answer = judged.has(name) ? `${style.bold('not something I know')}\t${text}` : text;
    return `${image}\t${style.dim(oneLine(name))}\t${answer}`;
  });
}

/** The branches whose answers another one says mean nothing for this image. */
function judgedUnknown(branches: Readonly<Record<string, BranchPrediction>>): ReadonlySet<string> {
  const judges = Object.values(branches).flatMap((branch) =>
    branch.kind === 'novelty' && !branch.normal ? [branch.of] : [],
  );
  return new Set(judges.filter((name) => name !== undefined));
}

function branchText(branch: BranchPrediction, top: number, style: Style): string {
  if (branch.kind === 'novelty') return noveltyText(branch, style);
  if (branch.kind === 'match') return matchText(branch, top, style);
  return branch.labels
    .slice(0, top)
    .map(({ label, score, chosen }) => {
      const text = `${chosen ? '+' : '-'}${oneLine(label)} ${formatScore(score)}`;
      return chosen ? style.bold(text) : style.dim(text);
    })
    .join('\t');
}

/** The nearest names; those within the threshold's distance show the same. */
function matchText({ matches }: MatchPrediction, top: number, style: Style): string {
  if (matches.length === 0) return style.dim('-');
  return matches
    .slice(0, top)
    .map(({ name, distance, same }) => {
      const text = `${same ? '+' : '-'}${oneLine(name)} ${formatScore(distance)}`;
      return same ? style.bold(text) : style.dim(text);
    })
    .join('\t');
}

function noveltyText({ normal, probability, score }: NoveltyPrediction, style: Style): string {
  const verdict = normal ? '+normal' : '-other';
  const text = probability === undefined ? verdict : `${verdict} ${formatScore(probability)}`;
  return `${normal ? style.bold(text) : style.dim(text)}\tscore ${formatScore(score)}`;
}
