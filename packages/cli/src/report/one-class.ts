import type { EvaluateResult } from '@kindred/core/host';

import { formatScore, formatUnits } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { formatTable } from '../terminal/table.js';
import { oneLine } from '../terminal/width.js';

import { percent } from './percent.js';

type OneClass = Extract<EvaluateResult['evaluations'][string], { kind: 'one-class' }>;

/** The heading of a detector's evaluation. */
export function oneClassTitle(branch: string, { normals, others }: OneClass): string {
  return `${branch}: ${formatUnits(normals, 'normal images')}, ${others} others`;
}

/** What the threshold does, how far the scores are apart, and what probabilities are worth; `verbose` adds the reliability table. */
export function formatOneClass({ threshold, ...evaluation }: OneClass, style: Style, verbose: boolean): string[] {
  const rows: [string, OneClass['falseAlarmRate']][] = [
    ['false alarms (normal images below the threshold)', evaluation.falseAlarmRate],
    ['detections (others below the threshold)', evaluation.detectionRate],
  ];
  const rates = rows.map(([name, rate]) => [
    name,
    rate === null ? 'none to count' : percent(rate.value),
    rate === null ? '' : `${percent(rate.interval.lower)} to ${percent(rate.interval.upper)}`,
  ]);
  const { reliability } = evaluation;
  return [
    ...formatTable(
      [
        { title: `at the threshold ${formatScore(threshold)}` },
        { title: 'share', align: 'right' },
        { title: 'interval' },
      ],
      rates,
    ),
    '',
    ...scoreTable(evaluation.scores),
    ...(reliability && verbose ? ['', ...reliabilityTable(reliability)] : []),
    ...(reliability && !verbose ? [style.dim('--verbose lists how often each probability came true.')] : []),
  ];
}

function scoreTable(scores: OneClass['scores']): string[] {
  const numeric = (title: string) => ({ title, align: 'right' }) as const;
  const rows = (['normal', 'other'] as const).flatMap((kind) => {
    const summary = scores[kind];
    if (summary === null) return [];
    const { minimum, lowerQuartile, median, upperQuartile, maximum } = summary;
    return [[kind, ...[minimum, lowerQuartile, median, upperQuartile, maximum].map(formatScore)]];
  });
  return formatTable([{ title: 'scores of' }, ...['lowest', '25 %', 'median', '75 %', 'highest'].map(numeric)], rows);
}

function reliabilityTable(bins: NonNullable<OneClass['reliability']>): string[] {
  const numeric = (title: string) => ({ title, align: 'right' }) as const;
  return formatTable(
    ['probability of normal', 'came true', 'images'].map(numeric),
    bins.map(({ probability, share, count }) => [formatScore(probability), formatScore(share), oneLine(String(count))]),
  );
}
