import { readFile } from 'node:fs/promises';

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
