import { setImmediate } from 'node:timers/promises';

import { float32, KindredError, type Context, type FitData, type SolvedHead } from '@kindred/core';

import { rowImportance } from './class-importance.js';
import { crossValidate, type ChoiceScore, type Fitting, type Grid, type Labelled } from './cross-validate.js';
import { stratifiedFolds } from './folds.js';
import { decisions, fitLogistic } from './logistic-regression.js';
import { LOGISTIC_DEFAULTS, type RelevanceOptions } from './options.js';
import { reduceRows } from './reduce-rows.js';
import { columnScale, standardized, takeRows, unscaled } from './standardize.js';

/** How long the event loop may wait, in milliseconds. */
const BREATH = 50;

/**
 * The weights of a linear head over features as they are: the best of a grid over C and tolerance by cross-validation, then fitted to all
 * rows. Features are standardised meanwhile.
 * @throws KINDRED_DATA_TOO_FEW if a kind has too few images to hold any of it out
 */
export async function solveLogistic(options: RelevanceOptions, { x, y }: FitData, ctx: Context): Promise<SolvedHead> {
  const settings = { ...LOGISTIC_DEFAULTS, ...defined(options) };
  const labelled: Labelled = { data: x.data, width: x.shape[1] ?? 1, y: y?.data ?? new Uint8Array() };
  // Simple ones first: of equal scores the stronger penalty and the earlier end are taken.
  const grid: Grid = { C: ascending(settings.C), tolerances: ascending(settings.tolerance).reverse() };
  const [C = NaN, ...otherC] = grid.C;
  const [tolerance = NaN, ...otherTolerances] = grid.tolerances;
  const fitting: Fitting = { ...settings, onIteration: breathe(ctx.signal) };
  ctx.signal.throwIfAborted();
  const notes: string[] = [];
  const compared = otherC.length + otherTolerances.length > 0;
  const chosen = compared ? await choose(labelled, grid, { ...settings, ...fitting }, ctx, notes) : { C, tolerance };

  const rows = takeRows(labelled, Array.from(labelled.y.keys()));
  const scale = columnScale(rows);
  const scaled = standardized(rows, scale);
  const importance = rowImportance(settings.classWeights, labelled.y);
  const reduced = reduceRows(scaled);
  const problem = { C: chosen.C, tolerances: [chosen.tolerance], size: reduced.size };
  const [fit] = await fitLogistic(reduced.rows, { y: labelled.y, importance }, { ...fitting, ...problem });
  const weights = reduced.expand(fit!.weights);
  if (!fit!.converged) {
    notes.push(
      `The logistic regression did not come to its end in ${settings.maxIterations} iterations: raise "maxIterations" or "tolerance".`,
    );
  }
  if (decisions(scaled, weights).every((z, i) => z > 0 === (labelled.y[i] === 1))) {
    notes.push(
      `All ${labelled.y.length} training images are told apart without an error: how sure the relevance head is follows from C alone.`,
    );
  }
  const { kernel, bias } = unscaled(weights, scale);
  return {
    weights: {
      'output/kernel': float32([labelled.width, 1], Float32Array.from(kernel)),
      'output/bias': float32([1], [bias]),
    },
    notes,
  };
}

async function choose(
  data: Labelled,
  grid: Grid,
  fitting: Fitting & { readonly folds: number; readonly score: 'log-loss' | 'auroc' },
  ctx: Context,
  notes: string[],
): Promise<ChoiceScore> {
  const positives = data.y.reduce((sum, value) => sum + value, 0);
  const fewest = Math.min(positives, data.y.length - positives);
  if (fewest < 2) throw tooFew(fewest);
  const folds = Math.min(fitting.folds, fewest);
  if (folds < fitting.folds)
    notes.push(`${folds} folds instead of ${fitting.folds}: of one kind there are no more training images.`);
  const progress = ctx.progress.start({
    name: 'logistic regression',
    total: folds * grid.C.length,
    unit: 'fits',
  });
  try {
    const dealt = stratifiedFolds(data.y, folds, ctx.random.fork('folds'));
    const onFit = () => progress.advance(1);
    const scores = await crossValidate(data, dealt, grid, { ...fitting, onFit });
    const merit = (score: ChoiceScore) => (fitting.score === 'auroc' ? score.auroc : -score.logLoss);
    const best = scores.reduce((one, other) => (merit(other) > merit(one) ? other : one));
    notes.push(describe(best, scores.length, folds));
    if (grid.C.length > 2 && (best.C === grid.C[0] || best.C === grid.C.at(-1)))
      notes.push(`C ${best.C} is at an end of what was tried: a value beyond it may be better.`);
    return best;
  } finally {
    progress.end();
  }
}

function describe({ C, tolerance, logLoss, auroc }: ChoiceScore, choices: number, folds: number): string {
  const scores = `log-loss ${logLoss.toPrecision(3)}, AUROC ${auroc.toFixed(4)}`;
  return `C ${C} and tolerance ${tolerance} were chosen of ${choices} pairs in ${folds} folds of the training images: ${scores}.`;
}

function tooFew(fewest: number): KindredError {
  return new KindredError('KINDRED_DATA_TOO_FEW', {
    message: `The head relevance needs at least 2 training images of each kind to compare values of C. Of one kind there ${fewest === 1 ? 'is 1' : 'are none'}.`,
    path: 'data.negatives',
    received: fewest,
    hint: 'Add images of that kind, or give one value alone: "C": [0.01], "tolerance": [0.0001].',
  });
}

/** Stops on an abort, and lets others run now and then. */
function breathe(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > BREATH) {
      await setImmediate();
      last = performance.now();
    }
    signal.throwIfAborted();
  };
}

const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);

/** The options that are there: an undefined one must not hide its default. */
const defined = <T extends object>(options: T) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Required<T>;
