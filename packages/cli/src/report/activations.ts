import type { ActivationSummary } from '@kindred/core/host';

import { formatCount } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { formatTable } from '../terminal/table.js';

import { percent } from './percent.js';

/** How many neurons of the hidden layer that a branch reads are active for images of each kind. */
export function formatActivations(
  branch: string,
  { layer, neurons, groups }: ActivationSummary,
  style: Style,
): string[] {
  const rows = groups.map(({ name, images, active }) => [
    name,
    formatCount(images),
    percent(active.mean),
    percent(active.deviation),
  ]);
  return [
    style.bold(`${branch}: active neurons of ${formatCount(neurons)} in ${layer} (activations/${branch}.png)`),
    ...formatTable(
      [
        { title: 'images' },
        { title: 'count', align: 'right' },
        { title: 'mean share', align: 'right' },
        { title: 'deviation', align: 'right' },
      ],
      rows,
    ).map((line) => `  ${line}`),
  ];
}
