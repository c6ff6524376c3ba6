import type { ImageSpec } from '@kindred/core';

import type { LayerInput } from './layer-options.js';

export interface Preset {
  readonly input: ImageSpec;
  readonly layers: readonly LayerInput[];
}

/** Drawn images, characters, icons: small and fast. */
const tiny: Preset = {
  input: { width: 64, height: 64, channels: 3, resize: 'contain' },
  layers: [
    { conv: 16 },
    { pool: 2 },
    { conv: 32 },
    { pool: 2 },
    { conv: 64 },
    { pool: 2 },
    { conv: 64 },
    { globalAveragePool: true },
    { dense: 64 },
  ],
};

/** Several labels an image from a few thousand posters: wide filters, much dropout. */
const poster: Preset = {
  input: { width: 400, height: 400, channels: 3, resize: 'stretch' },
  layers: [
    ...[16, 32, 64, 64].flatMap((filters): LayerInput[] => [
      { conv: filters, kernel: 5, padding: 'valid' },
      { pool: 2 },
      { dropout: 0.25 },
    ]),
    { flatten: true },
    { dense: 128 },
    { dropout: 0.5 },
    { dense: 64 },
    { dropout: 0.5 },
  ],
};

/** Two classes from a few hundred to thousand photos. */
const binary: Preset = {
  input: { width: 200, height: 200, channels: 3, resize: 'stretch' },
  layers: [
    ...[32, 32, 64].flatMap((filters): LayerInput[] => [{ conv: filters, kernel: 3, padding: 'valid' }, { pool: 2 }]),
    { flatten: true },
    { dense: 64 },
    { dropout: 0.5 },
  ],
};

/** One side of a siamese network: grey portraits or drawings, told apart by the distance of what it gives. */
const siamese: Preset = {
  input: { width: 112, height: 112, channels: 1, resize: 'stretch' },
  layers: [
    ...[16, 32, 16].flatMap((filters): LayerInput[] => [{ conv: filters, kernel: 3, padding: 'valid' }, { pool: 2 }]),
    { dropout: 0.25 },
    { flatten: true },
    { dense: 128 },
    { dropout: 0.1 },
    // An embedding may lie on any side of 0.
    { dense: 50, activation: 'linear' },
  ],
};

export const PRESETS = { tiny, poster, binary, siamese } satisfies Record<string, Preset>;
