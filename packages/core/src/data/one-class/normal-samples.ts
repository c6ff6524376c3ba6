import { KindredError } from '../../errors/kindred-error.js';
import type { LoadedDataset, Sample } from '../../plugin/contract.js';
import { hintFor, nearest } from '../../plugin/nearest.js';

import type { OneClassOptions } from './options.js';

/** What detectors and metrics call the class of normal images. */
export const NORMAL = 'normal';

/**
 * The labels that heads can learn: those of normal images, in the dataset's order; all where the manifest does not say what is normal.
 * @throws KINDRED_DATA_NORMAL for a normal label that the dataset has not, or if no image carries one
 */
export function learnableLabels(
  { labels, samples }: LoadedDataset,
  options: OneClassOptions | undefined,
): readonly string[] {
  if (!options) return labels;
  const wanted = [options.normal].flat();
  for (const label of wanted) if (!labels.includes(label)) throw unknownNormal(label, labels);
  const carried = new Set(samples.flatMap((sample) => (isNormal(sample, wanted) ? sample.labels : [])));
  if (carried.size === 0) {
    throw new KindredError('KINDRED_DATA_NORMAL', {
      message: `One-class data must have normal images. None of ${samples.length} carries ${wanted.join(' or ')}.`,
      path: 'data.oneClass.normal',
      received: options.normal,
      hint: 'Name another label, or add images.',
    });
  }
  return labels.filter((label) => carried.has(label));
}

/** Whether a sample carries one of the `wanted` labels. */
export function isNormal(sample: Sample, wanted: readonly string[]): boolean {
  return sample.labels.some((label) => wanted.includes(label));
}

function unknownNormal(label: string, labels: readonly string[]): KindredError {
  return new KindredError('KINDRED_DATA_NORMAL', {
    message: `The normal class must be one of the labels of the dataset. Got "${label}".`,
    path: 'data.oneClass.normal',
    received: label,
    hint: hintFor(nearest(label, labels), labels, 'The dataset has no labels.'),
  });
}

/**
 * A detector alone on images of several classes: to take all of them for normal would make every result meaningless.
 * @throws KINDRED_DATA_NORMAL
 */
export function refuseUnnamedNormal({ labels }: LoadedDataset, branch: string): void {
  if (labels.length < 2) return;
  const shown = labels.length > 8 ? `${labels.slice(0, 8).join(', ')}, ...` : labels.join(', ');
  throw new KindredError('KINDRED_DATA_NORMAL', {
    message: `A detector must be told which of several classes are normal. The branch '${branch}' has images of ${labels.length}: ${shown}.`,
    path: 'data.oneClass',
    received: labels,
    hint: `Add "oneClass": { "normal": ${JSON.stringify(labels[0])} } to "data"; name all of them if every image is normal.`,
  });
}
