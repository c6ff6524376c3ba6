import { readFile, writeFile } from 'node:fs/promises';

import type { NdArray } from '@kindred/core';

/**
 * Reads a float32 array from NumPy's `.npy` format, versions 1 to 3, in C order.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export async function readNpy(path: string): Promise<NdArray<'float32'>> {
  const file = await readFile(path);
  if (file.toString('latin1', 0, 6) !== '\x93NUMPY') throw new TypeError(`${path} must be an .npy file`);
  const [sizeBytes, size] = file[6] === 1 ? [2, file.readUInt16LE(8)] : [4, file.readUInt32LE(8)];
  const start = 8 + sizeBytes + size;
  const header = file.toString('latin1', 8 + sizeBytes, start);
  const shape = /'shape': \(([\d, ]*)\)/.exec(header)?.[1]?.match(/\d+/g)?.map(Number);
  if (!shape || !header.includes("'<f4'") || !header.includes("'fortran_order': False")) {
    throw new TypeError(`${path} must hold little-endian float32 values in C order, got ${header.trim()}`);
  }
  // Copied, since a Float32Array must start at a multiple of four bytes.
  const data = new Float32Array(new Uint8Array(file.subarray(start)).buffer);
  return { dtype: 'float32', shape, data };
}

/** Writes a float32 array in NumPy's `.npy` format, version 1. */
export async function writeNpy(path: string, { shape, data }: NdArray<'float32'>): Promise<void> {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and size take 10 bytes; the values must start at a multiple of 64, after a line break.
  const size = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const start = Buffer.alloc(10);
  start.write('\x93NUMPY\x01\x00', 'latin1');
  start.writeUInt16LE(size, 8);
  const values = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  await writeFile(path, Buffer.concat([start, Buffer.from(`${header.padEnd(size - 1)}\n`, 'latin1'), values]));
}
