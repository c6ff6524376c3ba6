import type { Sharp } from 'sharp';

import type { ImageSpec } from '../../plugin/contract.js';

import { enlarge, type Box, type Raster } from './resample.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whether an image has to grow along an axis to fit `spec`. */
export function mustGrow(image: Size, spec: ImageSpec): boolean {
  return spec.resize === 'stretch' ? image.width < spec.width || image.height < spec.height : scaleOf(image, spec) > 1;
}

/**
 * Resizes an image that must grow. libvips shifts what it enlarges by up to half a pixel, so it only shrinks and crops here.
 * @returns pixels `[height, width, channels]` of `spec`
 */
export async function enlarged(image: Sharp, size: Size, spec: ImageSpec): Promise<Uint8Array> {
  if (spec.resize === 'stretch') {
    const smaller = image.resize(Math.min(size.width, spec.width), Math.min(size.height, spec.height), { fit: 'fill' });
    const source = await rasterOf(smaller);
    return enlarge(source, { left: 0, top: 0, ...sizeOf(source) }, spec.width, spec.height);
  }
  const scale = scaleOf(size, spec);
  if (spec.resize === 'cover') return covered(image, size, spec, scale);

  const source = await rasterOf(image);
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  const pixels = enlarge(source, { left: 0, top: 0, ...sizeOf(source) }, width, height);
  return padded({ width, height, channels: source.channels, data: pixels }, spec);
}

/** The factor by which the image covers, or is contained in, the target. */
function scaleOf(image: Size, { width, height, resize }: ImageSpec): number {
  const factors = [width / image.width, height / image.height];
  return resize === 'cover' ? Math.max(...factors) : Math.min(...factors);
}

async function covered(image: Sharp, size: Size, spec: ImageSpec, scale: number): Promise<Uint8Array> {
  const across = middle(size.width, spec.width / scale);
  const down = middle(size.height, spec.height / scale);
  const region = { left: across.from, top: down.from, width: across.count, height: down.count };
  const box: Box = { left: across.start, top: down.start, width: across.length, height: down.length };
  return enlarge(await rasterOf(image.extract(region)), box, spec.width, spec.height);
}

/** Pixels beside a part that interpolation at its edge looks at. */
const MARGIN = 3;

/** The middle `length` pixels of an axis: whole pixels to cut out, and where the part starts within them. */
function middle(size: number, length: number) {
  const start = (size - length) / 2;
  const from = Math.max(0, Math.floor(start) - MARGIN);
  const to = Math.min(size, Math.ceil(start + length) + MARGIN);
  return { from, count: to - from, start: start - from, length };
}

/** Puts the image into the middle of black. */
function padded({ width, height, channels, data }: Raster, spec: ImageSpec): Uint8Array {
  const result = new Uint8Array(spec.height * spec.width * channels);
  const left = Math.floor((spec.width - width) / 2);
  const top = Math.floor((spec.height - height) / 2);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width * channels, (y + 1) * width * channels);
    result.set(row, ((top + y) * spec.width + left) * channels);
  }
  return result;
}

async function rasterOf(image: Sharp): Promise<Raster> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data };
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}
