import type { EvaluateResult } from '@kindred/core/host';

import { formatCount, formatScore, formatUnits } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { formatTable } from '../terminal/table.js';
import { oneLine } from '../terminal/width.js';

type Evaluation = EvaluateResult['evaluations'][string];
type MetricResult = Evaluation['metrics'][number];

/** Up to this many labels the table of single labels is shown without being asked for. */
const FEW_LABELS = 30;

/**
 * Lines of one branch's evaluation: its metrics with their intervals beside what a predictor reaches that has not seen the
 * images, then the single labels. `verbose` shows every metric and all labels, however many.
 */
export function formatEvaluation(branch: string, evaluation: Evaluation, style: Style, verbose: boolean): string[] {
  const { samples, labelsPerSample, labels, bootstrap } = evaluation;
  const title = `${branch}: ${formatUnits(samples, 'images')}, ${labelsPerSample.toFixed(2)} labels an image`;
  const lines = [style.bold(oneLine(title)), ...metricTable(evaluation, verbose).map((line) => `  ${line}`)];
  if (bootstrap) {
    lines.push(
      style.dim(
        `  Intervals: ${percent(bootstrap.level)} of ${formatCount(bootstrap.resamples)} resamples of the images.`,
      ),
    );
  }
  if (verbose || labels.length <= FEW_LABELS)
    return [...lines, '', ...labelTable(evaluation).map((line) => `  ${line}`)];
  return [...lines, style.dim(`  ${formatCount(labels.length)} labels: --verbose lists each.`)];
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

function labelTable({ labels }: Evaluation): string[] {
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

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
