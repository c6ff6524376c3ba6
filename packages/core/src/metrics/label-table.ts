import type { MetricInput } from '../plugin/contract.js';

import { prepareConfusion } from './confusion.js';
import type { LabelResult } from './evaluation.js';
import { byLabel, f1Share, precisionShare, recallShare } from './precision-recall-f1.js';
import { averagePrecision, rankLabel, rocArea } from './ranking.js';
import { eachOnce } from './weighted.js';

/** NaN and infinities as null: what JSON can hold. */
export const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** One row for each label. `thresholds` and `trainingPositives` have one value for each label. */
export function labelTable(
  input: MetricInput,
  thresholds: readonly number[],
  trainingPositives: readonly number[],
): LabelResult[] {
  const counts = eachOnce(input);
  const confusion = prepareConfusion(input)(counts);
  const precision = byLabel(precisionShare, confusion);
  const recall = byLabel(recallShare, confusion);
  const f1 = byLabel(f1Share, confusion);
  return input.labels.map((label, j) => {
    const ranking = rankLabel(input, j);
    const support = confusion.truePositives[j]! + confusion.falseNegatives[j]!;
    return {
      label,
      support,
      trainingSupport: trainingPositives[j]!,
      threshold: thresholds[j]!,
      precision: orNull(precision[j]!),
      recall: orNull(recall[j]!),
      f1: orNull(f1[j]!),
      averagePrecision: orNull(averagePrecision(ranking, counts)),
      averagePrecisionFloor: support === 0 ? null : support / confusion.samples,
      auroc: orNull(rocArea(ranking, counts)),
    };
  });
}
