import { crc32, deflateSync } from 'node:zlib';

import sharp, { type Sharp } from 'sharp';

export type Rgb = readonly [red: number, green: number, blue: number];

/** An image of one colour. */
export function plain([r, g, b]: Rgb, width = 40, height = 30): Sharp {
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } });
}

/** Left half in one colour, right half in another. */
export function halves(left: Rgb, right: Rgb, width = 40, height = 30): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) data.set(pixel % width < width / 2 ? left : right, pixel * 3);
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Noise: an image whose file is large enough to be cut anywhere. */
export function noise(width = 160, height = 120): Sharp {
  let state = 1;
  const data = Buffer.from(
    Array.from({ length: width * height * 3 }, () => (state = (state * 16807) % 2147483647) & 255),
  );
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A PNG file of a few hundred bytes that claims any size. */
export function hugePng(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
