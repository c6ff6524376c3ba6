import { componentOption } from '@kindred/core';
import { z } from 'zod';

import { activationOption, dropoutOption, hiddenOption } from '../dense/options.js';

export const multiLabelOptions = z.strictObject({
  hidden: hiddenOption
    .default([512])
    .describe('The dense layers before the last one: their widths, or { units, activation, dropout, name } each.'),
  activation: activationOption.default('relu').describe('Follows every hidden layer.'),
  dropout: dropoutOption.default(0.5).describe('Share of inputs that each dense layer misses in training.'),
  l2: z.number().min(0).default(0).describe("Penalty l2 * |kernel|^2 of every dense layer, as Keras' regularizers.l2."),
  initializer: z
    .enum(['glorot-uniform', 'he-uniform'])
    .default('glorot-uniform')
    .describe('How kernels of hidden layers begin; the last one is always glorot-uniform.'),
  initialBias: z
    .enum(['prior', 'zeros'])
    .default('prior')
    .describe("Where the last layer's bias begins: at each label's log-odds in the training set, or at 0."),
  loss: componentOption('loss', 'binary-cross-entropy'),
  classWeights: z
    .union([z.enum(['none', 'balanced']), z.record(z.string(), z.number().positive())])
    .default('none')
    .describe("What a positive's loss is multiplied with: 1, negatives / positives, or a number by label."),
});

export type MultiLabelOptions = z.output<typeof multiLabelOptions>;
