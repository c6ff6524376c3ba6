import type { Random } from '../../context/random.js';
import { KindredError } from '../../errors/kindred-error.js';
import type { Sample } from '../../plugin/contract.js';
import type { SampleRole } from '../sample-role.js';

import { acrossParts } from './label-disjoint.js';
import type { SplitOptions } from './options.js';
import type { Part } from './parts.js';
import { splitSamples, type Split, type SplitInput } from './split-samples.js';
import { assignStratified } from './stratified.js';
import { unitsOf } from './units.js';

export interface DataInput extends SplitInput {
  /** Which dataset each sample is from. */
  readonly roles: readonly SampleRole[];
  /** Whether each sample is normal. */
  readonly normal: readonly boolean[];
  /** The parts that samples which are not normal may be in. */
  readonly othersIn: readonly Part['name'][];
}

/** The parts of all data. Nothing in `train` is not normal. */
export interface DataSplit extends Split {
  /** Not normal, for the training of what learns from such images, and of nothing else. */
  readonly trainNegatives: readonly number[];
  /** Images of other things, for what learns from them. */
  readonly reference: readonly number[];
}

/**
 * Splits normal samples of the main dataset as `options` say; sizes count them alone, and a part with a dataset of its own takes none of
 * them. Those that are not normal are dealt to the parts that they may be in, in the proportion of these parts' sizes, each of their
 * classes likewise; where there is no such part they are in none.
 * @throws KINDRED_DATA_TOO_FEW as `splitSamples`; KINDRED_DATA_NORMAL if one image is there as normal and as another;
 * KINDRED_DATA_ACROSS_PARTS if it is in two datasets
 */
export function splitData(input: DataInput, options: SplitOptions, random: Random): DataSplit {
  const { samples, groups, roles, normal, othersIn } = input;
  refuseContradictions(input);
  const where = (test: (i: number) => boolean) => samples.flatMap((_, i) => (test(i) ? [i] : []));
  const wanted = where((i) => roles[i] === 'main' && normal[i] === true);
  const others = where((i) => roles[i] === 'negatives' || (roles[i] === 'main' && !normal[i]));
  const own = { validation: where((i) => roles[i] === 'validation'), test: where((i) => roles[i] === 'test') };
  const subset = (indices: readonly number[]): SplitInput => ({
    samples: indices.map((i) => samples[i] as Sample),
    ...(groups && { groups: indices.map((i) => groups[i] as string) }),
  });
  const shares = {
    ...options,
    ...(own.validation.length > 0 && { validation: 0 }),
    ...(own.test.length > 0 && { test: 0 }),
  };
  const split = splitSamples(subset(wanted), shares, random);
  const back = (indices: readonly number[], within: readonly number[]) => within.map((i) => indices[i] as number);
  const normals = {
    train: back(wanted, split.train),
    validation: [...back(wanted, split.validation), ...own.validation],
    test: [...back(wanted, split.test), ...own.test],
  };
  const held = othersIn.filter((name) => normals[name].length > 0);
  const sizes = held.map((name) => normals[name].length);
  const dealt = deal(subset(others), held, sizes, random.fork('negatives'));
  const part = (name: 'validation' | 'test') =>
    [...normals[name], ...back(others, dealt[name] ?? [])].sort((a, b) => a - b);
  return {
    train: normals.train,
    validation: part('validation'),
    test: part('test'),
    trainNegatives: back(others, dealt.train ?? []).sort((a, b) => a - b),
    reference: where((i) => roles[i] === 'reference'),
  };
}

type Dealt = Partial<Record<Part['name'], number[]>>;

function deal(
  { samples, groups }: SplitInput,
  names: readonly Part['name'][],
  sizes: readonly number[],
  random: Random,
): Dealt {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0 || samples.length === 0) return {};
  let given = 0;
  let seen = 0;
  const parts = names.map((name, i): Part => {
    // Rounded as running sums, so that the sizes add up to all.
    seen += sizes[i] as number;
    const size = Math.round((samples.length * seen) / total) - given;
    given += size;
    return { name, size, room: size, units: [] };
  });
  assignStratified(parts, unitsOf(samples, groups, random));
  return Object.fromEntries(parts.map((part) => [part.name, part.units.flatMap((unit) => [...unit.members])]));
}

function refuseContradictions({ samples, groups, normal, roles }: DataInput): void {
  if (!groups) return;
  // Images of a negatives dataset are dealt like those of the main one.
  const origin = (i: number) => (roles[i] === 'negatives' ? 'main' : (roles[i] ?? 'main'));
  const first = new Map<string, number>();
  groups.forEach((group, i) => {
    const other = first.get(group);
    if (other === undefined) first.set(group, i);
    else if (origin(other) !== origin(i))
      throw acrossParts(samples[other] as Sample, samples[i] as Sample, [origin(other), origin(i)]);
    else if (normal[other] !== normal[i]) throw contradiction(samples[other] as Sample, samples[i] as Sample);
  });
}

function contradiction(one: Sample, other: Sample): KindredError {
  return new KindredError('KINDRED_DATA_NORMAL', {
    message: `An image must be either normal or not. ${one.id} and ${other.id} are byte for byte the same image, one of them normal.`,
    path: other.location,
    received: [one.location, other.location],
    hint: 'Remove one of the two files.',
  });
}
