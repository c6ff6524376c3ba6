import { componentOption } from '@kindred/core';
import { z } from 'zod';

import { dropoutOption, hiddenOption } from '../dense/options.js';

const LOGISTIC_ONLY = ['C', 'tolerance', 'folds', 'score', 'maxIterations'] as const;
const MLP_ONLY = ['hidden', 'dropout', 'l2', 'loss'] as const;

/** What is taken for options that are left out. */
export const LOGISTIC_DEFAULTS = {
  C: [0.0001, 0.001, 0.01, 0.1, 1, 10, 100],
  tolerance: [0.01, 0.0001],
  folds: 5,
  score: 'log-loss',
  maxIterations: 1000,
} as const;

export const MLP_DEFAULTS = {
  hidden: [
    { units: 256, activation: 'elu' },
    { units: 128, activation: 'relu' },
  ],
  dropout: 0.5,
  l2: 0,
  loss: { use: 'binary-cross-entropy' },
} as const;

export const relevanceOptions = z
  .strictObject({
    model: z
      .enum(['logistic', 'mlp'])
      .default('logistic')
      .describe('"logistic": logistic regression, solved as a whole; "mlp": dense layers, trained step by step.'),
    classWeights: z
      .enum(['balanced', 'none'])
      .default('balanced')
      .describe('Whether images that belong and those that do not weigh the same however many there are of each.'),
    C: z
      .array(z.number().positive())
      .min(1)
      .optional()
      .describe(
        'Of "logistic": values to try for the inverse strength of the penalty. Powers of ten from 0.0001 to 100 if left out.',
      ),
    tolerance: z
      .array(z.number().positive().lt(1))
      .min(1)
      .optional()
      .describe('Of "logistic": values to try for the largest gradient at which it ends. [0.01, 0.0001] if left out.'),
    folds: z
      .int()
      .min(2)
      .max(100)
      .optional()
      .describe(
        'Of "logistic": parts of the training images of which each is held out once to compare what is tried. 5 if left out.',
      ),
    score: z
      .enum(['log-loss', 'auroc'])
      .optional()
      .describe(
        'Of "logistic": what held-out images are scored by. "log-loss" if left out, which tells choices apart even where none errs.',
      ),
    maxIterations: z.int().min(1).optional().describe('Of "logistic": steps of L-BFGS at most. 1000 if left out.'),
    hidden: hiddenOption
      .optional()
      .describe('Of "mlp": the dense layers before the last one. 256 with elu and 128 with relu if left out.'),
    dropout: dropoutOption
      .optional()
      .describe('Of "mlp": share of inputs that each dense layer misses in training. 0.5 if left out.'),
    l2: z.number().min(0).optional().describe('Of "mlp": penalty l2 * |kernel|^2 of every dense layer. 0 if left out.'),
    loss: componentOption('loss').optional().describe('Of "mlp": a loss of logits. binary-cross-entropy if left out.'),
  })
  .superRefine((options, context) => {
    for (const key of options.model === 'logistic' ? MLP_ONLY : LOGISTIC_ONLY) {
      if (options[key] === undefined) continue;
      const other = options.model === 'logistic' ? 'mlp' : 'logistic';
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `must be left out: it is an option of the model "${other}"`,
      });
    }
  });

export type RelevanceOptions = z.output<typeof relevanceOptions>;
