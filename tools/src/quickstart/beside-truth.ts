import path from 'node:path';

import type { UnseenPoster } from './poster-set.js';

/** A line of `kindred predict --json`, as far as it is used here. */
interface PredictedLine {
  readonly branches?: {
    readonly main?: { readonly labels: readonly { label: string; score: number; chosen: boolean }[] };
  };
  readonly error?: { readonly message: string };
}

/** What the bundle says of each unseen poster, beside what it truly is: a table of lines. */
export function besideTruth(output: string, unseen: readonly UnseenPoster[]): string[] {
  const predicted = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PredictedLine);
  const rows = unseen.map(({ file, genres }, i) => [path.basename(file), tagged(predicted[i]), genres.join(', ')]);
  const table = [['poster', 'tagged', 'truly'], ...rows];
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table.map(([poster = '', tags = '', truth = '']) =>
    `  ${poster.padEnd(widths[0] ?? 0)}  ${tags.padEnd(widths[1] ?? 0)}  ${truth}`.trimEnd(),
  );
}

function tagged(line: PredictedLine | undefined): string {
  if (line?.error) return line.error.message;
  const chosen = line?.branches?.main?.labels.filter((label) => label.chosen) ?? [];
  return chosen.map(({ label, score }) => `${label} ${score.toFixed(2)}`).join(', ') || '(no genre)';
}
