import type { DataSummary } from '../host/types.js';

import { countDuplicates } from './load-data.js';
import type { PipelineData } from './pipeline-data.js';
import type { Prepared } from './prepare.js';

/** How many samples there were, and what became of them. */
export function dataSummary(
  { samples, labels }: PipelineData,
  { usable, split, known }: Pick<Prepared, 'usable' | 'split' | 'known'>,
): DataSummary {
  const { normal } = known;
  const others = (rows: readonly number[]) => rows.filter((row) => !normal[row]).length;
  const reference = split.reference.length;
  const all = others(normal.map((_, row) => row)) - reference;
  const [train, validation, test] = [split.trainNegatives.length, others(split.validation), others(split.test)];
  return {
    samples: samples.length,
    labels,
    train: split.train.length + train,
    validation: split.validation.length,
    test: split.test.length,
    ...(all > 0 && { others: { train, validation, test, unused: all - train - validation - test } }),
    ...(reference > 0 && { reference }),
    duplicates: countDuplicates(usable.hashes),
    skipped: usable.skipped,
  };
}
