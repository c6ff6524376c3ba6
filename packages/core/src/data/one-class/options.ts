import { z } from 'zod';

const label = z.string().min(1);

/** What `data.oneClass` says: which images are wanted, and what the others are good for. */
export const oneClassOptions = z.strictObject({
  normal: z
    .union([label, z.array(label).min(1)])
    .describe('The label of normal images, or several: an image is normal if it carries one of them.'),
  negatives: z
    .array(z.enum(['validation', 'test']))
    .default(['validation', 'test'])
    .describe(
      'The parts that images which are not normal may be in: validation (thresholds, calibrators, search) and test. Nothing is ever fitted to them; [] leaves them out.',
    ),
});

export type OneClassOptions = z.output<typeof oneClassOptions>;
