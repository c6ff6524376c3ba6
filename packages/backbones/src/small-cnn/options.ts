import type { ImageSpec } from '@kindred/core';
import { z } from 'zod';

import { layerOptions, type LayerOptions } from './layer-options.js';
import { PRESETS } from './presets.js';

const side = z.int().min(1).max(2048);

/** The manifest options of `small-cnn`. */
export const smallCnnOptions = z.strictObject({
  preset: z
    .enum(['tiny', 'poster', 'binary', 'siamese'])
    .default('tiny')
    .describe('Gives the input and the layers that are not given here.'),
  input: z
    .strictObject({
      width: side.optional(),
      height: side.optional(),
      channels: z.union([z.literal(1), z.literal(3)]).optional(),
      resize: z.enum(['stretch', 'cover', 'contain']).optional(),
    })
    .default({})
    .describe("How images are made ready; what is left out comes from the preset's input."),
  layers: z.array(layerOptions).min(1).optional().describe("Replaces the preset's layers."),
});

export type SmallCnnOptions = z.output<typeof smallCnnOptions>;

/** The input and layers that `options` stand for. */
export function architectureOf(options: SmallCnnOptions): { input: ImageSpec; layers: readonly LayerOptions[] } {
  const preset = PRESETS[options.preset];
  const given = Object.fromEntries(Object.entries(options.input).filter(([, value]) => value !== undefined));
  return {
    input: { ...preset.input, ...given },
    layers: options.layers ?? z.array(layerOptions).parse(preset.layers),
  };
}
