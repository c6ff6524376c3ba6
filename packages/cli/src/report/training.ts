import path from 'node:path';

import type { DataSummary, EpochSummary, FeatureSummary, PrecisionSummary, TrainResult } from '@kindred/core/host';

import { formatCount, formatUnits } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { formatTable } from '../terminal/table.js';
import { oneLine } from '../terminal/width.js';

import { formatActivations } from './activations.js';
import { formatEvaluation } from './evaluation.js';
import { formatSearch } from './search.js';
import { shellQuote } from './shell-quote.js';
import { formatSkipped } from './skipped.js';

/** What `kindred train` prints at its end: data, features, losses, metrics, notes, and where to go from here. */
export function summarizeTraining(result: TrainResult, style: Style, verbose: boolean): string[] {
  const { bundle, data, features, precision, search, evaluations, activations = {}, history, notes } = result;
  const bundlePath = shortestPath(bundle);
  const facts = [
    ['data', dataText(data)],
    ...(features ? [['features', featureText(features)]] : []),
    ...(precision ? [['precision', precisionText(precision)]] : []),
    ...Object.entries(history).flatMap(([branch, epochs]) => {
      const text = historyText(epochs);
      return text === undefined ? [] : [['loss', `${branch}: ${text}`]];
    }),
    ['bundle', bundlePath],
  ].map(([name = '', text = '']) => [style.bold(name), oneLine(text)]);

  return [
    ...formatTable([{ title: '' }, { title: '' }], facts),
    ...formatSkipped(data.skipped, style, verbose),
    ...(search ? ['', ...formatSearch(search, style, verbose)] : []),
    ...Object.entries(evaluations).flatMap(([branch, evaluation]) => [
      '',
      ...formatEvaluation(branch, evaluation, style, verbose),
    ]),
    ...Object.entries(activations).flatMap(([branch, summary]) => ['', ...formatActivations(branch, summary, style)]),
    ...(notes.length === 0 ? [] : ['', style.bold('notes')]),
    ...notes.map((note) => `  ${oneLine(note)}`),
    '',
    `Next: kindred predict ${shellQuote(bundlePath)} <images or folders>`,
  ];
}

function dataText({ samples, labels, train, validation, test, others, reference, duplicates }: DataSummary): string {
  const withOthers = (images: number, other = 0) =>
    other === 0 ? formatCount(images) : `${formatCount(images)} (${formatCount(other)} not normal)`;
  const left = others?.unused ? `, ${formatCount(others.unused)} not normal in none` : '';
  const parts = `${withOthers(train, others?.train)} train, ${withOthers(validation, others?.validation)} validation, ${withOthers(test, others?.test)} test${left}`;
  const copies = duplicates === 0 ? '' : `; ${formatUnits(duplicates, 'copies')} of others among them`;
  const beside = reference === undefined ? '' : `, ${formatCount(reference)} reference`;
  return `${formatUnits(samples, 'images')}, ${formatUnits(labels.length, 'labels')} (${parts}${beside})${copies}`;
}

function featureText({ fromStore, computed }: FeatureSummary): string {
  return `${formatCount(fromStore)} from the store, ${formatCount(computed)} computed`;
}

/** How near 8-bit features are to those in float32: 1 is equal. */
function precisionText({ name, drift }: PrecisionSummary): string {
  const { images, heldOut, meanCosine, minCosine } = drift;
  const where = formatUnits(images, heldOut ? 'held-out images' : 'training images');
  return `${name}; cosine to float32 features on ${where}: mean ${meanCosine.toFixed(4)}, lowest ${minCosine.toFixed(4)}`;
}

function historyText(epochs: readonly EpochSummary[]): string | undefined {
  const first = epochs[0];
  const last = epochs.at(-1);
  if (!first || !last) return undefined;
  const validation = last.validationLoss === undefined ? '' : `, on validation ${last.validationLoss.toFixed(4)}`;
  const rate =
    first.learningRate === last.learningRate
      ? ''
      : `, learning rate ${first.learningRate.toPrecision(3)} to ${last.learningRate.toPrecision(3)}`;
  return `${first.loss.toFixed(4)} to ${last.loss.toFixed(4)} in ${formatUnits(epochs.length, 'epochs')}${validation}${rate}`;
}

/** The path a person would type: relative where that does not climb. */
function shortestPath(absolute: string): string {
  const relative = path.relative('', absolute);
  return relative === '' || relative.startsWith('..') ? absolute : relative;
}
