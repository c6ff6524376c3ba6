import type { SkippedImage } from '@kindred/core/host';

import { formatUnits } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { imageProblem } from './image-problem.js';

const SHOWN = 10;

/** Lines that name the images that could not be read; `verbose` names all. */
export function formatSkipped(skipped: readonly SkippedImage[], style: Style, verbose: boolean): string[] {
  if (skipped.length === 0) return [];
  const shown = verbose ? skipped : skipped.slice(0, SHOWN);
  const rest = skipped.length - shown.length;
  return [
    `${style.yellow(style.bold('skipped'))} ${formatUnits(skipped.length, 'images')} that could not be read:`,
    ...shown.map(({ location, error }) => `  ${imageProblem(location, error)}`),
    ...(rest > 0 ? [`  and ${formatUnits(rest, 'more')}: --verbose names all.`] : []),
  ];
}
