import type { SearchSummary, SearchTrial } from '@kindred/core/host';

import { formatCount, formatScore, formatUnits } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { formatTable } from '../terminal/table.js';
import { oneLine } from '../terminal/width.js';

/** Up to this many choices are shown without being asked for. */
const FEW = 20;

/** The table of a search, best first: the options of each choice, and the mean of its metric over the seeds. */
export function formatSearch(search: SearchSummary, style: Style, verbose: boolean): string[] {
  const { branch, metric, higherIsBetter, images, seeds, trials, best } = search;
  const sign = higherIsBetter ? -1 : 1;
  const rank = ({ mean }: SearchTrial) => (mean === null ? Infinity : sign * mean);
  // Sorting is stable: of equal means the first of the lists stays first, as it was chosen.
  const order = [...trials].sort((a, b) => rank(a) - rank(b) || 0);
  const shown = verbose ? order : order.slice(0, FEW);
  const paths = Object.keys(trials[0]?.options ?? {});
  const title = `search of ${branch}: ${metric} on ${formatUnits(images, 'validation images')}, ${formatUnits(trials.length, 'choices')}`;
  return [
    style.bold(oneLine(title)),
    ...formatTable(
      [
        { title: '' },
        ...paths.map((path) => ({ title: oneLine(path.replace(`branches.${branch}.`, '')) })),
        { title: `mean of seeds ${seeds.join(', ')}`, align: 'right' },
        { title: 'lowest to highest' },
      ],
      shown.map((trial) => [
        trial === trials[best] ? '*' : '',
        ...paths.map((path) => oneLine(JSON.stringify(trial.options[path]))),
        formatScore(trial.mean),
        trial.error === undefined ? rangeText(trial) : oneLine(trial.error),
      ]),
    ).map((line) => `  ${line}`),
    ...(shown.length < trials.length
      ? [style.dim(`  ${formatCount(trials.length - shown.length)} more: --verbose lists all.`)]
      : []),
    style.dim('  * was taken: the best mean, of equal ones the first as listed.'),
  ];
}

function rangeText({ values }: SearchTrial): string {
  return values.length < 2 ? '' : `${formatScore(Math.min(...values))} to ${formatScore(Math.max(...values))}`;
}
