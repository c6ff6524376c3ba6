import { crc32 } from 'node:zlib';

/**
 * A zip file of texts, stored without compression: local headers with their data, the central directory, and its end (sections
 * 4.3.7, 4.3.12 and 4.3.16 of PKWARE's APPNOTE.TXT).
 */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text);
    const entry = Buffer.concat([
      shorts(20, 0, 0, 0, 33),
      longs(crc32(data), data.length, data.length),
      shorts(name.length, 0),
    ]);
    const record = Buffer.concat([longs(0x04034b50), entry, Buffer.from(name), data]);
    local.push(record);
    central.push(
      Buffer.concat([longs(0x02014b50), shorts(20), entry, shorts(0, 0, 0), longs(0, offset), Buffer.from(name)]),
    );
    offset += record.length;
  }
  const directory = Buffer.concat(central);
  const count = central.length;
  const end = Buffer.concat([
    longs(0x06054b50),
    shorts(0, 0, count, count),
    longs(directory.length, offset),
    shorts(0),
  ]);
  return Buffer.concat([...local, directory, end]);
}

const shorts = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
const longs = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
