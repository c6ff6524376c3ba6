import { z } from 'zod';

const part = z
  .number()
  .min(0)
  .refine((size) => size < 1 || Number.isInteger(size), 'must be a share below 1 or a whole number of images');

/** The `split` block of a manifest's data. */
export const splitOptions = z.strictObject({
  strategy: z
    .enum(['auto', 'random', 'stratified', 'iterative', 'label-disjoint'])
    .default('auto')
    .describe(
      '"auto": iterative where images have several labels, else stratified. "label-disjoint": no label is in two parts, to measure on labels never seen.',
    ),
  level: z
    .int()
    .min(1)
    .optional()
    .describe(
      'With "label-disjoint": how many parts of a label\'s path make a group that stays together: 1 for "Latin" of "Latin/character01". The whole label if left out.',
    ),
  validation: part
    .default(0.1)
    .describe(
      'The share, or number, of images (with "label-disjoint" of labels or groups) that thresholds and calibrators are fitted on.',
    ),
  test: part
    .default(0.1)
    .describe('The share, or number, of images (or labels or groups) that results are measured on.'),
});

export type SplitOptions = z.output<typeof splitOptions>;
