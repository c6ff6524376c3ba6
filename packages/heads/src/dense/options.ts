import { z } from 'zod';

import { ACTIVATIONS } from './activations.js';

/** Names under which heads give something else, or keep other weights. */
const RESERVED = new Set(['logits', 'embedding', 'output']);

export const activationOption = z.enum(Object.keys(ACTIVATIONS) as [keyof typeof ACTIVATIONS]);

export const dropoutOption = z.number().min(0).lt(1);

const units = z.int().positive();

const layerName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9-]*$/, 'must begin with a lower-case letter and hold letters, digits and "-" alone')
  .refine((name) => !RESERVED.has(name), { message: 'must not be "logits", "embedding" or "output"' });

const hiddenLayer = z.strictObject({
  units: units.describe('Width of the layer.'),
  activation: activationOption.optional().describe("Follows the layer; the head's if left out."),
  dropout: dropoutOption
    .optional()
    .describe("Share of its inputs that the layer misses in training; the head's if left out."),
  name: layerName
    .optional()
    .describe(
      'Other branches read what the layer gives by this name: "from": "branch.name". dense_1, ... if left out.',
    ),
});

/** Hidden layers: their widths, or an object for each layer that differs from the others or has a name. */
export const hiddenOption = z.array(z.union([units, hiddenLayer])).refine(hasUniqueNames, {
  message: 'must give each layer a name of its own',
});

export type HiddenLayers = readonly (number | z.output<typeof hiddenLayer>)[];

/** One of the layers, a bare width as an object. */
export function describeLayer(layer: HiddenLayers[number]): z.output<typeof hiddenLayer> {
  return typeof layer === 'number' ? { units: layer } : layer;
}

function hasUniqueNames(layers: readonly (number | { readonly name?: string | undefined })[]): boolean {
  const names = layers.flatMap((layer) => (typeof layer === 'number' || !layer.name ? [] : [layer.name]));
  return new Set(names).size === names.length;
}
