import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../../test/support/catch-error.js';
import { halves, hugePng, noise, plain, type Rgb } from '../../../test/support/images.js';
import { realData } from '../../../test/support/real-data.js';
import type { ImageSpec } from '../../plugin/contract.js';

import { decodeImage } from './decode-image.js';

const RED: Rgb = [200, 30, 40];
const BLUE: Rgb = [20, 40, 220];
const rgb: ImageSpec = { width: 8, height: 6, channels: 3, resize: 'stretch' };
const grey: ImageSpec = { ...rgb, channels: 1 };

/** The pixel in column x, row y of the decoded image. */
async function pixel(bytes: Uint8Array, x: number, y: number, spec = rgb): Promise<number[]> {
  const { data, shape } = await decodeImage(bytes, spec);
  expect(shape).toEqual([spec.height, spec.width, spec.channels]);
  expect(data).toHaveLength(spec.height * spec.width * spec.channels);
  const at = (y * spec.width + x) * spec.channels;
  return [...data.subarray(at, at + spec.channels)];
}

function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  const far = actual.map((value, i) => Math.abs(value - (expected[i] ?? NaN)));
  expect(Math.max(...far), `${actual.join()} against ${expected.join()}`).toBeLessThanOrEqual(tolerance);
}

/** Rec. 709 luma of the linear light, as sRGB grey. */
function greyOf(colour: Rgb): number {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const y = 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
  return 255 * (y <= 0.0031308 ? 12.92 * y : 1.055 * y ** (1 / 2.4) - 0.055);
}

describe('decodeImage', () => {
  // 16 bits round to 8; lossy formats keep a plain colour only roughly, and CMYK goes through a printer's profile and back,
  // which cannot print this red.
  it.each<[string, () => Promise<Buffer>, number]>([
    ['PNG', () => plain(RED).png().toBuffer(), 0],
    ['PNG with a palette', () => plain(RED).png({ palette: true }).toBuffer(), 0],
    ['interlaced PNG', () => plain(RED).png({ progressive: true }).toBuffer(), 0],
    ['16-bit PNG', () => plain(RED).toColourspace('rgb16').png().toBuffer(), 1],
    ['GIF', () => plain(RED).gif().toBuffer(), 0],
    ['TIFF', () => plain(RED).tiff({ compression: 'lzw' }).toBuffer(), 0],
    ['16-bit TIFF', () => plain(RED).toColourspace('rgb16').tiff().toBuffer(), 1],
    ['lossless WebP', () => plain(RED).webp({ lossless: true }).toBuffer(), 0],
    ['JPEG', () => plain(RED).jpeg({ quality: 95 }).toBuffer(), 3],
    ['progressive JPEG', () => plain(RED).jpeg({ quality: 95, progressive: true }).toBuffer(), 3],
    ['AVIF', () => plain(RED).avif({ quality: 90 }).toBuffer(), 4],
    ['CMYK JPEG', () => plain(RED).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 30],
  ])('reads %s', async (_, encode, tolerance) => {
    const bytes = await encode();
    expectNear(await pixel(bytes, 4, 3), RED, tolerance);
    expectNear(await pixel(bytes, 4, 3, grey), [greyOf(RED)], tolerance + 2);
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['grey PNG', () => plain([90, 90, 90]).toColourspace('b-w').png().toBuffer()],
    ['grey JPEG', () => plain([90, 90, 90]).toColourspace('b-w').jpeg().toBuffer()],
    ['16-bit grey PNG', () => plain([90, 90, 90]).toColourspace('grey16').png().toBuffer()],
  ])('reads %s as RGB and as grey', async (_, encode) => {
    const bytes = await encode();
    expectNear(await pixel(bytes, 4, 3), [90, 90, 90], 1);
    expectNear(await pixel(bytes, 4, 3, grey), [90], 1);
  });

  it.each<[string, (image: Sharp) => Sharp]>([
    ['PNG', (image) => image.png()],
    ['PNG with a palette', (image) => image.png({ palette: true })],
    ['WebP', (image) => image.webp({ lossless: true })],
  ])('puts a transparent %s on white', async (_, encode) => {
    const half = sharp({
      create: { width: 40, height: 30, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
    });
    expectNear(await pixel(await encode(half).toBuffer(), 4, 3), [255, 127, 127], 1);
    const clear = sharp({ create: { width: 40, height: 30, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0 } } });
    expect(await pixel(await encode(clear).toBuffer(), 4, 3)).toEqual([255, 255, 255]);
  });

  // Half transparent black on white is the grey of one half in each of them.
  it.each<[string, (image: Sharp) => Sharp]>([
    ['grey PNG', (image) => image.toColourspace('b-w').png()],
    ['16-bit PNG', (image) => image.toColourspace('rgb16').png()],
    ['16-bit grey PNG', (image) => image.toColourspace('grey16').png()],
    ['PNG with a palette', (image) => image.png({ palette: true })],
    ['TIFF', (image) => image.tiff({ compression: 'lzw' })],
  ])('puts a transparent %s on white, as RGB and as grey', async (_, encode) => {
    const half = sharp({
      create: { width: 40, height: 30, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } },
    });
    const bytes = await encode(half).toBuffer();
    expect((await sharp(bytes).metadata()).hasAlpha).toBe(true);
    expectNear(await pixel(bytes, 4, 3), [127, 127, 127], 1);
    expectNear(await pixel(bytes, 4, 3, grey), [127], 1);
  });

  // CMYK goes through a printer's profile and back, which makes this grey darker.
  it.each<[string, number, (image: Sharp) => Sharp]>([
    ['grey', 1, (image) => image.toColourspace('b-w').png()],
    ['16-bit', 1, (image) => image.toColourspace('rgb16').png()],
    ['palette', 1, (image) => image.png({ palette: true })],
    ['alpha', 1, (image) => image.ensureAlpha().png()],
    ['CMYK', 16, (image) => image.toColourspace('cmyk').jpeg({ quality: 100 })],
  ])('enlarges %s images as it does others, as RGB and as grey', async (_, tolerance, encode) => {
    const bytes = await encode(plain([90, 90, 90], 3, 2)).toBuffer();
    expectNear(await pixel(bytes, 4, 3), [90, 90, 90], tolerance);
    expectNear(await pixel(bytes, 4, 3, grey), [90], tolerance);
  });

  it('turns the image as EXIF says', async () => {
    // Orientation 6: the camera lay on its side, the picture's left is shown on top.
    const bytes = await halves(RED, BLUE).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer();
    const spec = { ...rgb, width: 30, height: 40 };
    expectNear(await pixel(bytes, 15, 2, spec), RED, 6);
    expectNear(await pixel(bytes, 15, 37, spec), BLUE, 6);
  });

  it.each(['stretch', 'cover', 'contain'] as const)(
    'turns an image that must grow before it resizes it (%s)',
    async (resize) => {
      const bytes = await halves(RED, BLUE, 12, 8).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
      const spec: ImageSpec = { width: 60, height: 60, channels: 3, resize };
      expectNear(await pixel(bytes, 30, 10, spec), RED, 16);
      expectNear(await pixel(bytes, 30, 50, spec), BLUE, 16);
    },
  );

  it('takes the first frame of an animation', async () => {
    const frames = await Promise.all([RED, BLUE].map((colour) => plain(colour).png().toBuffer()));
    const bytes = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    expectNear(await pixel(bytes, 4, 3), RED, 2);
  });

  it('resizes by stretching, by cropping the middle, by padding with black', async () => {
    const bytes = await halves(RED, BLUE, 120, 40).png().toBuffer();
    const at = (resize: ImageSpec['resize'], x: number, y: number) =>
      pixel(bytes, x, y, { width: 12, height: 12, channels: 3, resize });
    expect([await at('stretch', 1, 0), await at('stretch', 10, 11)]).toEqual([RED, BLUE]);
    expect([await at('cover', 1, 0), await at('cover', 10, 11)]).toEqual([RED, BLUE]);
    expect([await at('contain', 1, 0), await at('contain', 10, 11)]).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect([await at('contain', 1, 6), await at('contain', 10, 6)]).toEqual([RED, BLUE]);
  });

  it('takes a file with bytes behind the end of the picture, as phones write', async () => {
    const bytes = Buffer.concat([await plain(RED).jpeg({ quality: 95 }).toBuffer(), Buffer.from('maker notes')]);
    expectNear(await pixel(bytes, 4, 3), RED, 3);
  });

  it('enlarges small images', async () => {
    expect(await pixel(await plain(RED, 1, 1).png().toBuffer(), 100, 100, { ...rgb, width: 224, height: 224 })).toEqual(
      RED,
    );
  });

  // Where a pixel of the target lies in the source: nothing may shift, however much the image grows or shrinks.
  describe.each([
    ['shrinks', 60, 40, 20, 20],
    ['grows', 20, 12, 48, 30],
    ['grows across and shrinks down', 20, 60, 30, 20],
    ['shrinks across and grows down', 60, 20, 20, 30],
    ['keeps its size', 24, 24, 24, 24],
  ])('an image that %s', (_, w, h, width, height) => {
    it.each(['stretch', 'cover', 'contain'] as const)('keeps its place (%s)', async (resize) => {
      // Red rises from left to right, green from top to bottom.
      const data = Buffer.alloc(w * h * 3);
      for (let i = 0; i < w * h; i++)
        data.set([((i % w) + 0.5) * (240 / w), (Math.floor(i / w) + 0.5) * (240 / h), 0], i * 3);
      const bytes = await sharp(data, { raw: { width: w, height: h, channels: 3 } })
        .png()
        .toBuffer();
      const image = await decodeImage(bytes, { width, height, channels: 3, resize });

      const factor = resize === 'cover' ? Math.max(width / w, height / h) : Math.min(width / w, height / h);
      const [fx, fy] = resize === 'stretch' ? [width / w, height / h] : [factor, factor];
      const [left, top] = [(width - Math.round(w * fx)) / 2, (height - Math.round(h * fy)) / 2].map(Math.floor);
      const middle = [width / 2, height / 2].map(Math.floor) as [number, number];
      const at = (middle[1] * width + middle[0]) * 3;
      const x =
        resize === 'contain'
          ? (middle[0] + 0.5 - (left ?? 0)) / Math.round(w * fx)
          : 0.5 + (middle[0] + 0.5 - width / 2) / (w * fx);
      const y =
        resize === 'contain'
          ? (middle[1] + 0.5 - (top ?? 0)) / Math.round(h * fy)
          : 0.5 + (middle[1] + 0.5 - height / 2) / (h * fy);
      // A quarter of a source pixel, and rounding.
      expect(Math.abs((image.data[at] ?? NaN) - 240 * x)).toBeLessThan(60 / w + 1.5);
      expect(Math.abs((image.data[at + 1] ?? NaN) - 240 * y)).toBeLessThan(60 / h + 1.5);
    });
  });

  it('crops the middle of a thin image that must grow, without holding all of it enlarged', async () => {
    const bytes = await halves(RED, BLUE, 4, 20_000).png().toBuffer();
    const spec = { width: 224, height: 224, channels: 3, resize: 'cover' } as const;
    // Four pixels across: the interpolation overshoots a little beside the edge in the middle.
    expectNear(await pixel(bytes, 10, 112, spec), RED, 12);
    expectNear(await pixel(bytes, 213, 112, spec), BLUE, 12);
  });

  it('pads a small image that is contained', async () => {
    const bytes = await halves(RED, BLUE, 6, 3).png().toBuffer();
    const spec = { width: 24, height: 24, channels: 3, resize: 'contain' } as const;
    expect([await pixel(bytes, 2, 2, spec), await pixel(bytes, 2, 21, spec)]).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expectNear(await pixel(bytes, 2, 12, spec), RED, 2);
  });

  it('decodes many at once', async () => {
    const bytes = await plain(RED).png().toBuffer();
    const images = await Promise.all(Array.from({ length: 50 }, () => decodeImage(bytes, rgb)));
    expect(images.every(({ data }) => data[0] === RED[0])).toBe(true);
  });

  it.skipIf(realData === undefined)('reads every image of the Cage set', async () => {
    const root = path.join(realData ?? '', 'cage');
    const files = (await readdir(root, { recursive: true })).filter((file) => /\.(jpg|png)$/.test(file));
    expect(files).toHaveLength(290);
    for (const file of files) {
      const location = path.join(root, file);
      const { shape } = await decodeImage(await readFile(location), rgb, { location });
      expect(shape).toEqual([6, 8, 3]);
    }
  });
});

describe('decodeImage refuses', () => {
  const errorOf = (bytes: Uint8Array, limitInputPixels?: number, spec = rgb) =>
    kindredErrorOf(() => decodeImage(bytes, spec, { location: '/data/a.jpg', limitInputPixels }));

  it('an empty file', async () => {
    const error = await errorOf(new Uint8Array());
    expect([error.code, error.path]).toEqual(['KINDRED_IMAGE_EMPTY', '/data/a.jpg']);
  });

  describe.each(['stretch', 'cover', 'contain'] as const)('files that are cut off (%s)', (resize) => {
    it.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('%s', async (format) => {
      const whole = await noise().toFormat(format).toBuffer();
      for (const share of [0.05, 0.5, 0.9]) {
        const error = await errorOf(whole.subarray(0, Math.ceil(whole.length * share)), undefined, { ...rgb, resize });
        expect(error.code).toBe('KINDRED_IMAGE_CORRUPT');
        expect(error.message).toContain('/data/a.jpg');
      }
    });

    it('progressive JPEG, shrunk while it is decoded', async () => {
      const whole = await noise(1600, 1200).jpeg({ progressive: true }).toBuffer();
      const error = await errorOf(whole.subarray(0, whole.length - 1000), undefined, { ...rgb, resize });
      expect(error.code).toBe('KINDRED_IMAGE_CORRUPT');
    });
  });

  it.each([
    ['text named .jpg', 'hello world', 'something else: it starts with "hello wo"'],
    ['bytes', '\x00\x01\x02', 'something else: it starts with 000102'],
    ['SVG', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'SVG'],
    ['a web page', '<!DOCTYPE html><html></html>', 'a web page'],
    ['PDF', '%PDF-1.7', 'PDF'],
    ['HEIC', '\0\0\0\x18ftypheic', 'HEIC'],
    ['BMP', 'BM\x10\x20\0\0\0\0\0\0', 'BMP'],
  ])('%s', async (_, text, what) => {
    const error = await errorOf(Buffer.from(text, 'latin1'));
    expect(error.code).toBe('KINDRED_IMAGE_CORRUPT');
    expect(error.message).toBe(`An image must be JPEG, PNG, GIF, WebP, TIFF, AVIF. /data/a.jpg is ${what}.`);
  });

  it('a small file that claims a huge picture, before decoding it', async () => {
    const error = await errorOf(hugePng(60_000, 50_000));
    expect(error.code).toBe('KINDRED_IMAGE_TOO_LARGE');
    expect(error.message).toBe('An image must have at most 100000000 pixels. /data/a.jpg has 60000 x 50000.');
  });

  it('more pixels than the limit that was set', async () => {
    const bytes = await plain(RED, 100, 100).png().toBuffer();
    expect((await errorOf(bytes, 9_999)).code).toBe('KINDRED_IMAGE_TOO_LARGE');
    await expect(decodeImage(bytes, rgb, { limitInputPixels: 10_000 })).resolves.toBeDefined();
  });

  it('damage inside of a JPEG, which most viewers show as grey blocks', async () => {
    const bytes = await noise().jpeg().toBuffer();
    const half = bytes.subarray(0, bytes.length / 2);
    expect((await errorOf(Buffer.concat([half, half]))).code).toBe('KINDRED_IMAGE_CORRUPT');
  });

  it('damage inside of a PNG', async () => {
    const bytes = await noise().png().toBuffer();
    bytes.fill(0, 1000, 1400);
    expect((await errorOf(bytes)).code).toBe('KINDRED_IMAGE_CORRUPT');
  });
});
