import { KindredError } from '../errors/kindred-error.js';
import type { HeadSpec, Sample } from '../plugin/contract.js';
import { requireDifferingLabels } from '../data/labels.js';
import type { NdArray } from '../tensor/nd-array.js';

import { columnSums } from './rows.js';

/**
 * What a head is told of its training set.
 * @throws KINDRED_DATA_ONE_LABEL if all training images carry the same labels; KINDRED_DATA_NO_POSITIVES if a label has none
 */
export function headSpec(
  branch: string,
  features: number,
  labels: readonly string[],
  train: { readonly samples: readonly Sample[]; readonly targets: NdArray<'uint8'> },
): HeadSpec {
  requireDifferingLabels({ labels, samples: train.samples }, `the head of branch '${branch}'`);
  const positives = columnSums(train.targets);
  const without = labels.filter((_, j) => positives[j] === 0);
  if (without.length > 0) {
    throw new KindredError('KINDRED_DATA_NO_POSITIVES', {
      message: `Every label of the branch '${branch}' must have training images that carry it. None of ${train.samples.length} carries ${without.join(', ')}.`,
      received: without,
      hint: 'Add images of these labels, leave their columns out, or make the training part greater.',
    });
  }
  return { features, labels, samples: train.samples.length, positives };
}
