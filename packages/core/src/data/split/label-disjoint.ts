import type { Random } from '../../context/random.js';
import { KindredError } from '../../errors/kindred-error.js';
import type { Sample } from '../../plugin/contract.js';

import type { SplitOptions } from './options.js';

/** The first `level` parts of a label's path: `Latin` of `Latin/character01`. The whole label without a level. */
export function labelGroup(label: string, level: number | undefined): string {
  return level === undefined ? label : label.split('/').slice(0, level).join('/');
}

/**
 * The part of each sample, so that no group of labels is in two of them. Sizes count groups.
 * @throws KINDRED_DATA_LABEL if a sample does not carry exactly one label; KINDRED_DATA_TOO_FEW if a part gets no group;
 * KINDRED_DATA_ACROSS_PARTS if copies of one image lie in two parts
 */
export function labelDisjointParts(
  { samples, groups: hashes }: { readonly samples: readonly Sample[]; readonly groups?: readonly string[] },
  options: SplitOptions,
  random: Random,
): readonly ('train' | 'validation' | 'test')[] {
  const groups = samples.map((sample) => labelGroup(onlyLabel(sample), options.level));
  const names = random.shuffle([...new Set(groups)].sort());
  const count = (asked: number) => (asked < 1 ? Math.round(asked * names.length) : asked);
  const [validation, test] = [count(options.validation), count(options.test)];
  const empty = [
    options.validation > 0 && validation === 0 && 'validation',
    options.test > 0 && test === 0 && 'test',
    names.length - validation - test < 1 && 'train',
  ].find((name) => name !== false);
  if (empty !== undefined) {
    throw new KindredError('KINDRED_DATA_TOO_FEW', {
      message: `Every part of a label-disjoint split must get labels. The ${empty} part would be empty: ${names.length} ${options.level === undefined ? 'labels' : 'groups of labels'} with validation ${options.validation} and test ${options.test}.`,
      path: 'data.split',
      received: names,
      hint: 'Sizes count labels, or groups of labels with "level": make the validation and test parts smaller or greater.',
    });
  }
  const partOf = new Map(
    names.map((name, i) => [name, i < test ? 'test' : i < test + validation ? 'validation' : 'train'] as const),
  );
  const parts = groups.map((group) => partOf.get(group) ?? 'train');
  refuseCopies(samples, hashes, parts);
  return parts;
}

function onlyLabel({ id, labels, location }: Sample): string {
  const [label, ...others] = labels;
  if (label !== undefined && others.length === 0) return label;
  throw new KindredError('KINDRED_DATA_LABEL', {
    message: `For a label-disjoint split every image must carry exactly one label. ${id} carries ${labels.join(', ') || 'none'}.`,
    path: location,
    received: labels,
    hint: 'Take another "strategy" in "data.split".',
  });
}

function refuseCopies(samples: readonly Sample[], hashes: readonly string[] | undefined, parts: readonly string[]) {
  const first = new Map<string, number>();
  hashes?.forEach((hash, i) => {
    const other = first.get(hash) ?? i;
    first.set(hash, other);
    if (parts[other] !== parts[i])
      throw acrossParts(samples[other] as Sample, samples[i] as Sample, [parts[other] ?? '', parts[i] ?? '']);
  });
}

/** The error for one image in two parts, or of two kinds. */
export function acrossParts(one: Sample, other: Sample, [first, second]: readonly [string, string]): KindredError {
  return new KindredError('KINDRED_DATA_ACROSS_PARTS', {
    message: `An image must not be in two parts of the data. ${one.location} (${first}) and ${other.location} (${second}) are byte for byte the same image.`,
    path: other.location,
    received: [one.location, other.location],
    hint: 'Remove one of the two files: results measured on images that were trained on mean nothing.',
  });
}
