import type { Random } from '../../context/random.js';
import { KindredError } from '../../errors/kindred-error.js';
import type { Sample } from '../../plugin/contract.js';

import { assignIteratively } from './iterative.js';
import { labelDisjointParts } from './label-disjoint.js';
import type { SplitOptions } from './options.js';
import type { Part } from './parts.js';
import { assignRandomly, assignStratified } from './stratified.js';
import { unitsOf, type Unit } from './units.js';

export interface SplitInput {
  readonly samples: readonly Sample[];
  /** One content hash for each sample: samples with equal ones stay on one side. */
  readonly groups?: readonly string[];
}

/** Indices into the samples, ascending; each sample is in exactly one part. */
export interface Split {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

/**
 * Splits samples into parts of the sizes asked for, drawn from `random`. Copies of one image stay together, which can
 * move sizes by as much as their number.
 * @throws KINDRED_DATA_TOO_FEW if a part that was asked for, or the training part, gets no samples
 */
export function splitSamples(input: SplitInput, options: SplitOptions, random: Random): Split {
  const { strategy } = options;
  if (strategy === 'label-disjoint') return membersOf(labelDisjointParts(input, options, random));
  const { samples, groups } = input;
  const units = unitsOf(samples, groups, random);
  const parts = emptyParts(samples.length, options);
  assigners[strategy === 'auto' ? strategyFor(samples) : strategy](parts, units, random);
  for (const part of parts) {
    if (part.units.length === 0) throw tooFew(part.name, options, samples.length, units.length);
  }
  const members = (name: Part['name']) =>
    (parts.find((part) => part.name === name)?.units ?? []).flatMap((unit) => unit.members).sort((a, b) => a - b);
  return { train: members('train'), validation: members('validation'), test: members('test') };
}

type Assign = (parts: readonly Part[], units: readonly Unit[], random: Random) => void;
const assigners: Readonly<Record<Exclude<SplitOptions['strategy'], 'auto' | 'label-disjoint'>, Assign>> = {
  random: assignRandomly,
  stratified: assignStratified,
  iterative: assignIteratively,
};

function strategyFor(samples: readonly Sample[]): keyof typeof assigners {
  return samples.some((sample) => sample.labels.length > 1) ? 'iterative' : 'stratified';
}

function membersOf(parts: readonly Part['name'][]): Split {
  const members = (name: Part['name']) => parts.flatMap((part, i) => (part === name ? [i] : []));
  return { train: members('train'), validation: members('validation'), test: members('test') };
}

/** The parts that are asked for, still empty. */
function emptyParts(total: number, options: SplitOptions): Part[] {
  const held = (['validation', 'test'] as const)
    .filter((name) => options[name] > 0)
    .map((name) => ({ name, size: sizeOfPart(options[name], total) }));
  const train = total - held.reduce((sum, part) => sum + part.size, 0);
  const parts = [{ name: 'train' as const, size: train }, ...held];
  for (const { name, size } of parts) if (size < 1) throw tooFew(name, options, total, total);
  return parts.map((part) => ({ ...part, room: part.size, units: [] }));
}

function sizeOfPart(asked: number, total: number): number {
  return asked < 1 ? Math.round(asked * total) : asked;
}

function tooFew(name: Part['name'], options: SplitOptions, samples: number, images: number): KindredError {
  const copies = images < samples ? `, ${images} of them different,` : '';
  return new KindredError('KINDRED_DATA_TOO_FEW', {
    message: `Every part of a split must get samples. The ${name} part would be empty: ${samples} samples${copies} with validation ${options.validation} and test ${options.test}.`,
    path: 'data.split',
    received: { samples, validation: options.validation, test: options.test },
    hint:
      name === 'train'
        ? 'Make the validation and test parts smaller.'
        : `Add images, give "${name}" a greater share, or set it to 0 to go without.`,
  });
}
