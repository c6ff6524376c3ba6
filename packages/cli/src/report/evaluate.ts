import type { EvaluateResult } from '@kindred/core/host';

import { formatUnits } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';

import { formatEvaluation } from './evaluation.js';
import { formatSkipped } from './skipped.js';

/** What `kindred evaluate` prints. */
export function summarizeEvaluation(result: EvaluateResult, style: Style, verbose: boolean): string[] {
  const { samples, skipped, evaluations } = result;
  const branches = Object.entries(evaluations);
  return [
    `${style.bold('data')}  ${formatUnits(samples, 'images')}`,
    ...formatSkipped(skipped, style, verbose),
    ...branches.flatMap(([branch, evaluation]) => ['', ...formatEvaluation(branch, evaluation, style, verbose)]),
    ...(branches.length === 0 ? ['No branch of this bundle can be measured: none has labels to compare with.'] : []),
  ];
}
