import { z } from 'zod';

const part = z
  .number()
  .min(0)
  .refine((size) => size < 1 || Number.isInteger(size), 'must be a share below 1 or a whole number of images');

/** The `split` block of a manifest's data. */
export const splitOptions = z.strictObject({
  strategy: z
    .enum(['auto', 'random', 'stratified', 'iterative'])
    .default('auto')
    .describe('"auto": iterative where images have several labels, else stratified.'),
  validation: part
    .default(0.1)
    .describe('The share, or number, of images that thresholds and calibrators are fitted on.'),
  test: part.default(0.1).describe('The share, or number, of images that results are measured on.'),
});

export type SplitOptions = z.output<typeof splitOptions>;
