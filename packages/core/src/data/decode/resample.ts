/** Interleaved pixels, row-major `[height, width, channels]`. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** A part of an image in pixels, at fractions of them too. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const LOBES = 3;

/**
 * Source pixels that each target pixel is made of, some with a weight of 0: as all have as many, the loops are written out, which
 * takes half the time.
 */
const TAPS = 2 * LOBES + 1;

/** The source pixels of each target pixel along an axis. */
interface Taps {
  /** The first one of each. */
  readonly first: Int32Array;
  /** TAPS for each. */
  readonly weights: Float64Array;
  /** Whether the axis stays as it is. */
  readonly keepsAll: boolean;
}

/**
 * Enlarges the part `box` of an image to `width` x `height` by separable Lanczos interpolation with three lobes. Pixels are squares
 * with their centres at .5, so nothing shifts; weights that would fall outside of the image are shared by the rest.
 *
 * Turkowski: Filters for Common Resampling Tasks. Graphics Gems, 1990.
 */
export function enlarge(image: Raster, box: Box, width: number, height: number): Uint8Array {
  const rows = across(image, tapsFor(image.width, box.left, box.width, width));
  return down(rows, width * image.channels, tapsFor(image.height, box.top, box.height, height));
}

/** Every row of the image, resized to as many pixels as there are taps. */
function across(image: Raster, { first, weights, keepsAll }: Taps): Float32Array {
  const { channels, height, width } = image;
  // At least as many rows and pixels as there are taps: those beyond the image have a weight of 0.
  const rows = new Float32Array(Math.max(height, TAPS) * first.length * channels);
  if (keepsAll) {
    rows.set(image.data);
    return rows;
  }
  const data = width < TAPS ? padded(image.data, TAPS * channels) : image.data;
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, w = 0; x < first.length; x++, w += TAPS) {
      const w0 = weights[w + 0] as number;
      const w1 = weights[w + 1] as number;
      const w2 = weights[w + 2] as number;
      const w3 = weights[w + 3] as number;
      const w4 = weights[w + 4] as number;
      const w5 = weights[w + 5] as number;
      const w6 = weights[w + 6] as number;
      let at = (y * width + (first[x] as number)) * channels;
      for (let c = 0; c < channels; c++, at++, to++) {
        rows[to] =
          w0 * (data[at] as number) +
          w1 * (data[at + channels] as number) +
          w2 * (data[at + 2 * channels] as number) +
          w3 * (data[at + 3 * channels] as number) +
          w4 * (data[at + 4 * channels] as number) +
          w5 * (data[at + 5 * channels] as number) +
          w6 * (data[at + 6 * channels] as number);
      }
    }
  }
  return rows;
}

/** Rows of `stride` values, resized to as many rows as there are taps, as bytes. */
function down(rows: Float32Array, stride: number, { first, weights, keepsAll }: Taps): Uint8Array {
  // Clamped: what overshoots 0..255 stays at the end.
  const result = new Uint8ClampedArray(first.length * stride);
  const { fround } = Math;
  if (keepsAll) result.set(rows.subarray(0, result.length));
  for (let y = 0, w = 0, to = 0; y < first.length && !keepsAll; y++, w += TAPS) {
    const w0 = weights[w + 0] as number;
    const w1 = weights[w + 1] as number;
    const w2 = weights[w + 2] as number;
    const w3 = weights[w + 3] as number;
    const w4 = weights[w + 4] as number;
    const w5 = weights[w + 5] as number;
    const w6 = weights[w + 6] as number;
    let at = (first[y] as number) * stride;
    for (let i = 0; i < stride; i++, at++, to++) {
      let sum = fround(w0 * (rows[at] as number));
      sum = fround(sum + w1 * (rows[at + stride] as number));
      sum = fround(sum + w2 * (rows[at + 2 * stride] as number));
      sum = fround(sum + w3 * (rows[at + 3 * stride] as number));
      sum = fround(sum + w4 * (rows[at + 4 * stride] as number));
      sum = fround(sum + w5 * (rows[at + 5 * stride] as number));
      result[to] = fround(sum + w6 * (rows[at + 6 * stride] as number));
    }
  }
  return new Uint8Array(result.buffer);
}

function padded(data: Uint8Array, by: number): Uint8Array {
  const longer = new Uint8Array(data.length + by);
  longer.set(data);
  return longer;
}

function tapsFor(size: number, start: number, length: number, target: number): Taps {
  const first = new Int32Array(target);
  const weights = new Float64Array(target * TAPS);
  for (let i = 0; i < target; i++) {
    const centre = start + ((i + 0.5) * length) / target;
    const from = Math.max(0, Math.ceil(centre - LOBES - 0.5));
    const end = Math.min(size, Math.floor(centre + LOBES - 0.5) + 1);
    const own = Array.from({ length: end - from }, (_, k) => lanczos(from + k + 0.5 - centre));
    const total = own.reduce((sum, weight) => sum + weight, 0);
    // Near the end of the axis the pixels of weight 0 come first.
    first[i] = Math.max(0, Math.min(from, size - TAPS));
    own.forEach((weight, k) => (weights[i * TAPS + from - (first[i] as number) + k] = weight / total));
  }
  return { first, weights, keepsAll: start === 0 && size === length && size === target };
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const t = Math.PI * x;
  return (LOBES * Math.sin(t) * Math.sin(t / LOBES)) / (t * t);
}
