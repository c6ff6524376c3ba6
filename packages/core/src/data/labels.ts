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
    message: `The labels must differ between images for ${component}. All ${samples.length} images carry ${carried}. To answer that always, whatever the image shows, would have no error: nothing could be learned.`,
    path: 'data',
    received: labels,
    hint: 'Add images of another kind under a label of their own (another folder); or name images that do not belong in "data.negatives" and use the head relevance; or use a detector, which learns from the wanted class alone.',
  });
}

/** Images that an error names before it counts the rest. */
const NAMED = 5;

/**
 * Checks that every image carries exactly one of labels that exclude each other.
 * @throws KINDRED_DATA_EXCLUSIVE naming images that do not
 */
export function requireOneLabelEach(samples: readonly Sample[], component: string): void {
  const wrong = samples.filter(({ labels }) => new Set(labels).size !== 1);
  if (wrong.length === 0) return;
  const named = wrong
    .slice(0, NAMED)
    .map(({ id, labels }) => `${id} (${labels.length === 0 ? 'no label' : [...new Set(labels)].join(' and ')})`);
  const more = wrong.length > NAMED ? ` and ${wrong.length - NAMED} more` : '';
  throw new KindredError('KINDRED_DATA_EXCLUSIVE', {
    message: `Every image must carry exactly one label for ${component}. ${wrong.length} of ${samples.length} do not: ${named.join(', ')}${more}.`,
    path: wrong[0]?.location,
    received: wrong.map(({ id }) => id),
    hint: 'Mend the labels of these images or leave them out, or use the head multi-label, which takes any number of labels an image.',
  });
}
