import type { DataSummary } from '../host/types.js';
import type { LoadedDataset } from '../plugin/contract.js';

import { countDuplicates } from './load-data.js';
import type { Prepared } from './prepare.js';

/** How many samples there were, and what became of them. `normal` says of each usable one whether it is. */
export function dataSummary(
  { samples, labels }: LoadedDataset,
  { usable, split }: Pick<Prepared, 'usable' | 'split'>,
  normal: readonly boolean[],
): DataSummary {
  const others = (rows: readonly number[]) => rows.filter((row) => !normal[row]).length;
  const all = others(normal.map((_, row) => row));
  const [validation, test] = [others(split.validation), others(split.test)];
  return {
    samples: samples.length,
    labels,
    train: split.train.length,
    validation: split.validation.length,
    test: split.test.length,
    ...(all > 0 && { others: { validation, test, unused: all - validation - test } }),
    duplicates: countDuplicates(usable.hashes),
    skipped: usable.skipped,
  };
}
