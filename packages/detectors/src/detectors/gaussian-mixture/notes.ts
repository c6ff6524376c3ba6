import type { NdArray } from '@kindred/core';

import type { Criteria } from './criteria.js';
import type { Estimate } from './expectation-maximization.js';
import type { Options } from './options.js';

export interface Outcome extends Criteria {
  readonly options: Options;
  readonly estimate: Estimate;
  /** Features less their means, `[N, D]`. */
  readonly x: NdArray<'float32'>;
}

/** What a person should know of a fit. */
export function notesOf(outcome: Outcome): string[] {
  return [
    ...comparison(outcome),
    ...notConverged(outcome),
    ...fewerComponents(outcome),
    ...memorised(outcome),
    ...collapsed(outcome),
    ...flatFeatures(outcome),
  ];
}

function comparison({ options: { covariance }, estimate: { mixture }, bic, aic }: Outcome): string[] {
  const count = mixture.weights.length;
  return [
    `${count} ${count === 1 ? 'component' : 'components'} of ${covariance} covariance: BIC ${bic.toPrecision(7)}, AIC ${aic.toPrecision(7)}. Lower is better among fits to the same features.`,
  ];
}

function notConverged({ options: { maxIterations, tolerance }, estimate }: Outcome): string[] {
  if (estimate.converged) return [];
  const change = estimate.lowerBounds.at(-1)! - (estimate.lowerBounds.at(-2) ?? -Infinity);
  return [
    `The mixture did not converge: in the last of ${maxIterations} iterations the mean log-likelihood still changed by ${change.toPrecision(3)}, more than the tolerance of ${tolerance}. Raise "maxIterations" or "tolerance", or try more "starts".`,
  ];
}

function fewerComponents({ options, estimate: { mixture } }: Outcome): string[] {
  const { length } = mixture.weights;
  if (length === options.components) return [];
  return [
    `There are ${length} components instead of ${options.components}: too few of the training images differ from each other.`,
  ];
}

/** Matrices estimated from fewer images than features know nothing of the directions between the images. */
function memorised({ options: { covariance }, estimate: { mixture }, x }: Outcome): string[] {
  const [rows, columns] = x.shape as [number, number];
  const images =
    covariance === 'tied'
      ? rows - mixture.weights.length + 1
      : covariance === 'full'
        ? Math.min(...mixture.weights) * rows
        : Infinity;
  if (images > columns) return [];
  return [
    `A covariance matrix of ${columns} features was estimated from ${Math.round(images)} images: in directions that these do not span, it is the regularization alone, and almost any other image lies far outside. Put "pca" before it, take fewer components, or use "diagonal".`,
  ];
}

function collapsed({ options: { covariance, regularization }, estimate: { mixture } }: Outcome): string[] {
  if (covariance === 'tied' || covariance === 'full' || regularization === 0) return [];
  const { shape, data } = mixture.precision;
  const [components, columns] = shape as [number, number];
  const floors = Array.from({ length: components }, (_, k) =>
    data.subarray(k * columns, (k + 1) * columns).every((precision) => precision * regularization > 0.5),
  ).filter(Boolean).length;
  if (floors === 0) return [];
  return [
    `${floors} of ${components} components ${floors === 1 ? 'has' : 'have'} collapsed onto a single image or equal ones: all that is left of ${floors === 1 ? 'its' : 'their'} variance is the regularization of ${regularization}. Take fewer components, or raise "regularization".`,
  ];
}

function flatFeatures({ options: { regularization }, x }: Outcome): string[] {
  const [rows, columns] = x.shape as [number, number];
  const squares = new Float64Array(columns);
  for (let at = 0; at < x.data.length; at += columns) {
    for (let j = 0; j < columns; j++) squares[j]! += x.data[at + j]! * x.data[at + j]!;
  }
  const flat = squares.filter((sum) => sum / rows < regularization).length;
  if (flat === 0) return [];
  return [
    `${flat} of ${columns} features vary less than the regularization of ${regularization}, which stands in for their variance. Scale the features, or lower "regularization".`,
  ];
}
