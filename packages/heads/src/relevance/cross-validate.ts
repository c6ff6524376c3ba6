import { rowImportance, type Balance } from './class-importance.js';
import { decisions, fitLogistic } from './logistic-regression.js';
import { reduceRows } from './reduce-rows.js';
import { auroc, logLoss } from './scores.js';
import { columnScale, standardized, takeRows } from './standardize.js';

export interface Labelled {
  /** Features `[N, D]`. */
  readonly data: Float32Array;
  /** D */
  readonly width: number;
  /** `[N]` of 0 and 1. */
  readonly y: Uint8Array;
}

/** What is tried: each C with each tolerance, which fall. */
export interface Grid {
  readonly C: readonly number[];
  readonly tolerances: readonly number[];
}

/** One choice of the grid. */
export interface Choice {
  readonly C: number;
  readonly tolerance: number;
}

export interface ChoiceScore extends Choice {
  /** Both means over the folds, of held-out rows; `logLoss` counts both classes the same where they are balanced. */
  readonly logLoss: number;
  readonly auroc: number;
}

export interface Fitting {
  readonly classWeights: Balance;
  readonly maxIterations: number;
  readonly onIteration: () => Promise<void>;
}

/**
 * Scores the choices of a grid, C by C, by cross-validation: each fold is held out once, features are standardised by the other folds alone. `folds` says
 * which fold each row is in; each must hold rows of both classes.
 */
export async function crossValidate(
  { y, ...x }: Labelled,
  folds: readonly number[],
  { C: strengths, tolerances }: Grid,
  fitting: Fitting & { readonly onFit: () => void },
): Promise<ChoiceScore[]> {
  const count = Math.max(...folds) + 1;
  const choices = strengths.flatMap((C) => tolerances.map((tolerance) => ({ C, tolerance })));
  const sums = choices.map(() => ({ logLoss: 0, auroc: 0 }));
  for (let fold = 0; fold < count; fold++) {
    const part = (held: boolean) => {
      const rows = Array.from(folds.keys()).filter((row) => (folds[row] === fold) === held);
      const truth = Uint8Array.from(rows, (row) => y[row]!);
      return { rows: takeRows(x, rows), y: truth, importance: rowImportance(fitting.classWeights, truth) };
    };
    const [train, held] = [part(false), part(true)];
    const scale = columnScale(train.rows);
    const heldX = standardized(held.rows, scale);
    const reduced = reduceRows(standardized(train.rows, scale));
    for (const [k, C] of strengths.entries()) {
      const fits = await fitLogistic(reduced.rows, train, { ...fitting, C, tolerances, size: reduced.size });
      fits.forEach(({ weights }, i) => {
        const z = decisions(heldX, reduced.expand(weights));
        const sum = sums[k * tolerances.length + i]!;
        sum.logLoss += logLoss(z, held.y, held.importance) / count;
        sum.auroc += auroc(z, held.y) / count;
      });
      fitting.onFit();
    }
  }
  return choices.map((choice, i) => ({ ...choice, ...sums[i]! }));
}
