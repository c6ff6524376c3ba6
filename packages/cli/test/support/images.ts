import { crc32 } from 'node:zlib';

import sharp from 'sharp';

/** A drawn image: a red or blue, round or square shape, moved a little by `index` so that no two files are equal. */
export async function drawShape(index: number, { red, round }: { red: boolean; round: boolean }): Promise<Buffer> {
  const colour = red ? '#d02010' : '#1040d0';
  const at = 12 + (index % 7);
  const size = 14 + (index % 5);
  const shape = round
    ? `<circle cx="${at + 8}" cy="${at + 6}" r="${size / 2}" fill="${colour}"/>`
    : `<rect x="${at}" y="${at - 2}" width="${size}" height="${size}" fill="${colour}"/>`;
  const grey = 200 + index;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><rect width="48" height="48" fill="rgb(${grey},${grey},${grey})"/>${shape}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** A few bytes that say they are a PNG of `side` x `side` pixels. */
export function hugePng(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.alloc(64)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
