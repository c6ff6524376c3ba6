import type { Random } from '../../context/random.js';
import { KindredError } from '../../errors/kindred-error.js';
import type { Sample } from '../../plugin/contract.js';

import type { SplitOptions } from './options.js';
import type { Part } from './parts.js';
import { splitSamples, type Split, type SplitInput } from './split-samples.js';
import { assignStratified } from './stratified.js';
import { unitsOf } from './units.js';

export interface OneClassInput extends SplitInput {
  /** Whether each sample is normal. */
  readonly normal: readonly boolean[];
  /** The held-out parts that the others may be in. */
  readonly negatives: readonly ('validation' | 'test')[];
}

/**
 * Splits normal samples as `options` say; sizes count them alone. The others are dealt to the held-out parts that they may be in, in
 * the proportion of these parts' sizes, each of their classes likewise; where there is no such part they are in none.
 * @throws KINDRED_DATA_TOO_FEW as `splitSamples`; KINDRED_DATA_NORMAL if one image is there as normal and as another
 */
export function splitOneClass(input: OneClassInput, options: SplitOptions, random: Random): Split {
  const { samples, groups, normal, negatives } = input;
  refuseContradictions(input);
  const all = samples.map((_, i) => i);
  const [wanted, others] = [all.filter((i) => normal[i]), all.filter((i) => !normal[i])];
  const subset = (indices: readonly number[]): SplitInput => ({
    samples: indices.map((i) => samples[i] as Sample),
    ...(groups && { groups: indices.map((i) => groups[i] as string) }),
  });
  const split = splitSamples(subset(wanted), options, random);
  const back = (indices: readonly number[], own: readonly number[]) => own.map((i) => indices[i] as number);

  const held = negatives.filter((name) => split[name].length > 0);
  const sizes = held.map((name) => split[name].length);
  const dealt = deal(subset(others), held, sizes, random.fork('negatives'));
  const part = (name: 'validation' | 'test') =>
    [...back(wanted, split[name]), ...back(others, dealt[name] ?? [])].sort((a, b) => a - b);
  return { train: back(wanted, split.train), validation: part('validation'), test: part('test') };
}

type Dealt = Partial<Record<'validation' | 'test', number[]>>;

function deal(
  { samples, groups }: SplitInput,
  names: readonly ('validation' | 'test')[],
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

function refuseContradictions({ samples, groups, normal }: OneClassInput): void {
  if (!groups) return;
  const first = new Map<string, number>();
  groups.forEach((group, i) => {
    const other = first.get(group);
    if (other === undefined) first.set(group, i);
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
