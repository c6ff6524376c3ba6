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
 * Enlarges the part `box` of an image to `width` x `height` by separable Lanczos interpolation with three lobes. Pixels are squares
 * with their centres at .5, so nothing shifts; weights that would fall outside of the image are shared by the rest.
 *
 * Turkowski: Filters for Common Resampling Tasks. Graphics Gems, 1990.
 */
export function enlarge(image: Raster, box: Box, width: number, height: number): Uint8Array {
  const { channels } = image;
  const across = tapsFor(image.width, box.left, box.width, width);
  const down = tapsFor(image.height, box.top, box.height, height);

  const stride = width * channels;
  const rows = new Float32Array(image.height * stride);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      const { first, weights } = across[x] as Taps;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        let at = (y * image.width + first) * channels + c;
        for (let k = 0; k < weights.length; k++, at += channels)
          sum += (weights[k] as number) * (image.data[at] as number);
        rows[y * stride + x * channels + c] = sum;
      }
    }
  }

  // Clamped: what overshoots 0..255 stays at the end.
  const result = new Uint8ClampedArray(height * stride);
  const line = new Float32Array(stride);
  for (let y = 0; y < height; y++) {
    const { first, weights } = down[y] as Taps;
    line.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k] as number;
      const from = (first + k) * stride;
      for (let i = 0; i < stride; i++) line[i] = (line[i] as number) + weight * (rows[from + i] as number);
    }
    result.set(line, y * stride);
  }
  return new Uint8Array(result.buffer);
}

/** The source pixels that one target pixel is made of. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

function tapsFor(size: number, start: number, length: number, target: number): Taps[] {
  return Array.from({ length: target }, (_, i) => {
    const centre = start + ((i + 0.5) * length) / target;
    const first = Math.max(0, Math.ceil(centre - LOBES - 0.5));
    const end = Math.min(size, Math.floor(centre + LOBES - 0.5) + 1);
    const weights = Float64Array.from({ length: end - first }, (_, k) => lanczos(first + k + 0.5 - centre));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  });
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const t = Math.PI * x;
  return (LOBES * Math.sin(t) * Math.sin(t / LOBES)) / (t * t);
}
