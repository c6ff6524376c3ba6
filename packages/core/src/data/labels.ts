import { KindredError } from '../errors/kindred-error.js';
import { hintFor, nearest } from '../plugin/nearest.js';
import type { LoadedDataset, Sample } from '../plugin/contract.js';
import { uint8, type NdArray } from '../tensor/nd-array.js';

/**
 * The targets of `samples`: uint8 `[N, L]`, 1 where sample `i` carries `labels[j]`.
 * @throws KINDRED_DATA_LABEL for a label that is not among `labels`
 */
export function labelMatrix(samples: readonly Sample[], labels: readonly string[]): NdArray<'uint8'> {
  const columns = new Map(labels.map((label, column) => [label, column]));
  const matrix = uint8([samples.length, labels.length]);
  samples.forEach((sample, row) => {
    for (const label of sample.labels) {
      const column = columns.get(label);
      if (column === undefined) throw unknownLabel(label, labels, `sample ${sample.id}`, sample.location);
      matrix.data[row * labels.length + column] = 1;
    }
  });
  return matrix;
}

/** The error for a label outside the known ones, with the nearest. */
export function unknownLabel(label: string, known: readonly string[], where: string, path: string): KindredError {
  return new KindredError('KINDRED_DATA_LABEL', {
    message: `A label must be one of the ${known.length} known labels. Got "${label}" for ${where}.`,
    path,
    received: label,
    hint: hintFor(nearest(label, known), known, 'No labels are known.'),
  });
}

/**
 * Checks that a classifier has something to learn: labels that differ between images. A one-class detector does not
 * need this.
 * @throws KINDRED_DATA_ONE_LABEL
 */
export function requireDifferingLabels({ labels, samples }: LoadedDataset, component: string): void {
  const [first, ...others] = samples;
  if (first === undefined) return;
  const key = (sample: Sample) => JSON.stringify([...sample.labels].sort());
  const common = key(first);
  if (others.some((sample) => key(sample) !== common)) return;
  const carried = first.labels.length === 0 ? 'no label' : `the same: ${first.labels.join(', ')}`;
  throw new KindredError('KINDRED_DATA_ONE_LABEL', {
    message: `The labels must differ between images for ${component}. All ${samples.length} images carry ${carried}.`,
    received: labels,
    hint: 'Add images of another label, or use a detector, which learns from the wanted class alone.',
  });
}
