import { KindredError } from '@kindred/core';
import { z } from 'zod';

/** Fewer samples cannot be told apart by a split. */
const FEWEST = 2;

/** A share up to 1, or a number above: JSON has one 1, which is the share. */
const shareOrNumber = z.union([z.number().gt(0).lte(1), z.int().min(2)]);

export const maxSamplesOption = z
  .union([z.literal('auto'), shareOrNumber])
  .default('auto')
  .describe(
    'Training images that each tree is grown on: a number from 2 on, a share of all up to 1, or `auto` for 256, all if there are fewer.',
  );

export const maxFeaturesOption = shareOrNumber
  .default(1)
  .describe(
    'Features that each tree may look at: a number from 2 on, or a share of all up to 1, at least one feature.',
  );

/**
 * How many of `rows` each tree is grown on, and a note if fewer than asked for.
 * @throws KINDRED_FIT_TOO_FEW if it is less than two
 */
export function samplesOf(option: number | 'auto', rows: number): { samples: number; notes: string[] } {
  const wanted = option === 'auto' ? 256 : option > 1 ? option : Math.floor(option * rows);
  const samples = Math.min(wanted, rows);
  if (samples < FEWEST) {
    throw new KindredError('KINDRED_FIT_TOO_FEW', {
      message: `isolation-forest must grow each tree on at least ${FEWEST} images. Got ${samples}: "maxSamples" is ${option} of ${rows} training images.`,
      received: samples,
      hint: rows < FEWEST ? 'Give more images.' : 'Set "maxSamples" to a larger share or to "auto".',
    });
  }
  const isCut = option !== 'auto' && wanted > rows;
  const note = `isolation-forest grows each tree on all ${rows} training images: there are not as many as "maxSamples" asks for (${option}).`;
  return { samples, notes: isCut ? [note] : [] };
}

/** How many of `columns` each tree may look at, and a note if fewer than asked for. */
export function featuresOf(option: number, columns: number): { features: number; notes: string[] } {
  const wanted = option > 1 ? option : Math.max(1, Math.floor(option * columns));
  const note = `isolation-forest lets each tree look at all ${columns} features: there are not as many as "maxFeatures" asks for (${option}).`;
  return { features: Math.min(wanted, columns), notes: wanted > columns ? [note] : [] };
}
