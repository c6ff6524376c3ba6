import type { DataSplit } from '../data/split/split-data.js';
import type { ActivationSummary } from '../host/types.js';
import type { NdArray } from '../tensor/nd-array.js';

import type { KnownImages } from './branch-data.js';
import { selectRows } from './rows.js';

/** What a layer gives for images of one kind. */
export interface ActivationGroup {
  readonly name: ActivationSummary['groups'][number]['name'];
  /** `[N, D]`, a column for each neuron. */
  readonly activations: NdArray<'float32'>;
}

/** A layer's activations `[N, D]` of all images by kind, in a fixed order; kinds without images are left out. */
export function activationGroups(
  activations: NdArray<'float32'>,
  split: DataSplit,
  { normal }: Pick<KnownImages, 'normal'>,
): ActivationGroup[] {
  const belong = (rows: readonly number[]) => rows.filter((row) => normal[row]);
  const others = [...split.validation, ...split.test].filter((row) => !normal[row]);
  const rows: readonly (readonly [ActivationGroup['name'], readonly number[]])[] = [
    ['training', split.train],
    ['validation', belong(split.validation)],
    ['test', belong(split.test)],
    ['negatives', [...split.trainNegatives, ...others]],
  ];
  return rows
    .filter(([, own]) => own.length > 0)
    .map(([name, own]) => ({ name, activations: selectRows(activations, own) }));
}
