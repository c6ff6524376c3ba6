import { loadSharp } from '../data/decode/load-sharp.js';

import type { ActivationGroup } from './activation-groups.js';

/** Images of each kind in the picture. */
const IMAGES = 24;
/** Pixels. */
const ROW = 4;
const SEPARATOR = 2;
const GREY = 128;
/** The share of active values that are not brighter than white: a few outliers would leave the rest dark. */
const WHITE = 0.99;

/**
 * Activations as a picture, a PNG in shades of grey: a row for each of some images of each kind, a column for each neuron, bright where it
 * is active; kinds are parted by a grey line. The same activations give the same bytes.
 */
export async function drawActivations(groups: readonly ActivationGroup[]): Promise<Uint8Array> {
  const { pixels, width, height } = paint(groups.map(spread));
  const sharp = await loadSharp();
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** Rows of a group, evenly over all its images. */
function spread({ activations: { shape, data } }: ActivationGroup): Float32Array[] {
  const [images = 0, neurons = 0] = shape;
  const shown = Math.min(IMAGES, images);
  return Array.from({ length: shown }, (_, i) => {
    const row = Math.floor((i * images) / shown);
    return data.subarray(row * neurons, (row + 1) * neurons);
  });
}

function paint(groups: readonly (readonly Float32Array[])[]) {
  const rows = groups.flat();
  const width = rows[0]?.length ?? 0;
  const height = rows.length * ROW + (groups.length - 1) * SEPARATOR;
  const pixels = new Uint8Array(width * height).fill(GREY);
  const white = robustMaximum(rows);
  let top = 0;
  for (const group of groups) {
    for (const row of group) {
      const line = Uint8Array.from(row, (value) => Math.round(255 * Math.min(1, Math.max(0, value / white))));
      for (let i = 0; i < ROW; i++) pixels.set(line, width * top++);
    }
    top += SEPARATOR;
  }
  return { pixels, width, height };
}

/** A quantile of the values above 0; 1 where there are none. */
function robustMaximum(rows: readonly Float32Array[]): number {
  const active = Float32Array.from(rows.flatMap((row) => Array.from(row).filter((value) => value > 0))).sort();
  return active[Math.min(active.length - 1, Math.floor(WHITE * active.length))] ?? 1;
}
