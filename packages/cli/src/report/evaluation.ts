import type { EvaluateResult } from '@kindred/core/host';

import { formatCount, formatScore, formatUnits } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { formatTable } from '../terminal/table.js';
import { oneLine } from '../terminal/width.js';

import { formatOneClass, oneClassTitle } from './one-class.js';
import { percent } from './percent.js';
import { formatVerification, verificationTitle } from './verification.js';

type Evaluation = EvaluateResult['evaluations'][string];
type MultiLabel = Extract<Evaluation, { kind: 'multi-label' }>;
type MetricResult = Evaluation['metrics'][number];

/** Up to this many labels the table of single labels is shown without being asked for. */
const FEW_LABELS = 30;

/**
 * Lines of one branch's evaluation: its metrics with their intervals beside what a predictor reaches that has not seen the
 * images, then the single labels or what the threshold of a detector or of embeddings does. `verbose` shows every metric and all labels, however many.
 */
export function formatEvaluation(branch: string, evaluation: Evaluation, style: Style, verbose: boolean): string[] {
  const { bootstrap, kind } = evaluation;
  const lines = [
    style.bold(oneLine(titleOf(branch, evaluation))),
    ...metricTable(evaluation, verbose).map((line) => `  ${line}`),
  ];
  if (bootstrap) {
    lines.push(
      style.dim(
        `  Intervals: ${percent(bootstrap.level)} of ${formatCount(bootstrap.resamples)} resamples of ${kind === 'verification' ? 'what the images show' : 'the images'}.`,
      ),
    );
  }
  return [...lines, ...detailLines(evaluation, style, verbose).map((line) => (line === '' ? '' : `  ${line}`))];
}

function detailLines(evaluation: Evaluation, style: Style, verbose: boolean): string[] {
  if (evaluation.kind === 'one-class') return ['', ...formatOneClass(evaluation, style, verbose)];
  if (evaluation.kind === 'verification') return ['', ...formatVerification(evaluation, style, verbose)];
  const { length } = evaluation.labels;
  if (verbose || length <= FEW_LABELS) return ['', ...labelTable(evaluation)];
  return [style.dim(`${formatCount(length)} labels: --verbose lists each.`)];
}

function titleOf(branch: string, evaluation: Evaluation): string {
  if (evaluation.kind === 'one-class') return oneClassTitle(branch, evaluation);
  if (evaluation.kind === 'verification') return verificationTitle(branch, evaluation);
  const { samples, labelsPerSample } = evaluation;
  return `${branch}: ${formatUnits(samples, 'images')}, ${labelsPerSample.toFixed(2)} labels an image`;
}

function metricTable({ metrics }: Evaluation, verbose: boolean): string[] {
  const headlines = metrics.filter(({ headline }) => headline);
  const others = metrics.filter(({ headline }) => !headline);
  const shown = verbose || headlines.length === 0 ? [...headlines, ...others] : headlines;
  return formatTable(
    [
      { title: 'metric' },
      { title: 'value', align: 'right' },
      { title: 'interval' },
      { title: 'floor', align: 'right' },
      { title: 'reached by' },
    ],
    shown.map((metric) => [
      oneLine(metric.name),
      formatScore(metric.value),
      intervalText(metric),
      formatScore(metric.floor.value),
      metric.floor.predictor,
    ]),
  );
}

function labelTable({ labels }: MultiLabel): string[] {
  const numeric = (title: string) => ({ title, align: 'right' }) as const;
  return formatTable(
    [
      { title: 'label' },
      ...['images', 'trained on', 'precision', 'recall', 'F1', 'AP', 'AP floor', 'AUROC', 'threshold'].map(numeric),
    ],
    labels.map((label) => [
      oneLine(label.label),
      formatCount(label.support),
      formatCount(label.trainingSupport),
      formatScore(label.precision),
      formatScore(label.recall),
      formatScore(label.f1),
      formatScore(label.averagePrecision),
      formatScore(label.averagePrecisionFloor),
      formatScore(label.auroc),
      formatScore(label.threshold),
    ]),
  );
}

function intervalText({ interval }: MetricResult): string {
  return interval === null ? '' : `${formatScore(interval.lower)} to ${formatScore(interval.upper)}`;
}
