import { z } from 'zod';

const count = z.int().min(1);
const activation = z.enum(['relu', 'elu', 'tanh', 'sigmoid', 'linear']).default('relu');

/*
 * One schema for each kind of layer. Each is told by its first key, which holds the number that matters most, so that a list of
 * layers reads like a table: { "conv": 32, "kernel": 3 }, { "pool": 2 }, { "dense": 64 }.
 */

export const convOptions = z.strictObject({
  conv: count.describe('Number of filters.'),
  kernel: count.default(3).describe('Width and height of each filter.'),
  strides: count.default(1),
  padding: z.enum(['same', 'valid']).default('same'),
  activation,
});

export const poolOptions = z.strictObject({
  pool: z.int().min(2).describe('Width, height and stride of the window.'),
  kind: z.enum(['max', 'average']).default('max'),
});

export const denseOptions = z.strictObject({
  dense: count.describe('Number of units.'),
  activation,
});

export const dropoutOptions = z.strictObject({
  dropout: z.number().min(0).lt(1).describe('Share of values set to zero in training.'),
});

export const batchNormOptions = z.strictObject({
  batchNorm: z.literal(true),
  momentum: z.number().min(0).lt(1).default(0.99).describe('How much of a moving average each training step keeps.'),
  epsilon: z.number().positive().default(0.001),
});

export const flattenOptions = z.strictObject({ flatten: z.literal(true) });

export const globalAveragePoolOptions = z.strictObject({ globalAveragePool: z.literal(true) });

export const layerOptions = z.union(
  [convOptions, poolOptions, denseOptions, dropoutOptions, batchNormOptions, flattenOptions, globalAveragePoolOptions],
  {
    error:
      'a layer must be one of { conv, kernel, strides, padding, activation }, { pool, kind }, { dense, activation }, ' +
      '{ dropout }, { batchNorm: true, momentum, epsilon }, { flatten: true }, { globalAveragePool: true }',
  },
);

export type LayerOptions = z.output<typeof layerOptions>;
/** As a manifest writes it, defaults left out. */
export type LayerInput = z.input<typeof layerOptions>;
