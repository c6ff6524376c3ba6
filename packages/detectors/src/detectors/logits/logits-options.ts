import { z } from 'zod';

import { contaminationOption } from '../boundary/contamination.js';

/** Options of detectors that score a head's logits. */
export const logitsOptions = {
  labels: z
    .enum(['independent', 'exclusive'])
    .default('independent')
    .describe(
      'What the logits mean: independent, any number of labels an image (sigmoids), or exclusive, one of them (softmax).',
    ),
  temperature: z
    .number()
    .positive()
    .default(1)
    .describe('What logits are divided by: above 1 evens them out, below 1 lets the highest decide.'),
  contamination: contaminationOption,
};
