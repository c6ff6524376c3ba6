import { KindredError } from '../../errors/kindred-error.js';
import { sizeOf, type NdArray, type NdArrays } from '../nd-array.js';

import { FORMAT_DTYPES, LENGTH_BYTES, MAX_HEADER_BYTES, type HeaderEntry } from './format.js';
import { parseHeader, type Header } from './header.js';

export interface Safetensors {
  readonly arrays: NdArrays;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads float32, int32, uint8 and bool arrays of a file in the safetensors format. Every array gets memory of its own.
 * @param file named in errors
 * @throws KINDRED_BUNDLE_INVALID unless the file keeps the whole format: tensors in bounds, without overlap or holes.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  try {
    const { header, buffer } = parts(bytes);
    checkLayout(header, buffer.byteLength);
    const arrays = Object.fromEntries(header.entries.map(([name, entry]) => [name, read(buffer, name, entry)]));
    return { arrays, metadata: header.metadata };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new KindredError('KINDRED_BUNDLE_INVALID', {
      message: `${file} must be a whole file in the safetensors format: ${problem}.`,
      path: file,
      hint: 'The file is damaged or was made by something else: take it from its source again.',
      cause: error,
    });
  }
}

function parts(bytes: Uint8Array): { header: Header; buffer: Uint8Array } {
  if (bytes.length < LENGTH_BYTES)
    throw new Error(`it has ${bytes.length} bytes, fewer than its header's length takes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw new Error(`its header claims ${length.toString()} bytes; the limit is ${MAX_HEADER_BYTES}`);
  }
  const start = LENGTH_BYTES + Number(length);
  if (start > bytes.length) throw new Error(`its header claims ${length.toString()} bytes, past the end of the file`);
  return { header: parseHeader(bytes.subarray(LENGTH_BYTES, start)), buffer: bytes.subarray(start) };
}

/** Sorted by where they begin, tensors must join without overlap or hole and end where the file does. */
function checkLayout({ entries }: Header, size: number): void {
  const ordered = entries.toSorted(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  let end = 0;
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [from, to],
    },
  ] of ordered) {
    if (from !== end) throw new Error(`its tensor '${name}' begins at byte ${from}, the one before ends at ${end}`);
    const { bytes } = FORMAT_DTYPES.find(({ format }) => format === dtype) ?? FORMAT_DTYPES[0];
    // A product too large for exact integers cannot equal a length within a file.
    const needed = sizeOf(shape) * bytes;
    if (needed !== to - from) {
      throw new Error(
        `its tensor '${name}' of shape [${shape.join(', ')}] takes ${needed} bytes and is given ${to - from}`,
      );
    }
    end = to;
  }
  if (end !== size) throw new Error(`its tensors end at byte ${end}, its data at ${size}`);
}

function read(buffer: Uint8Array, name: string, { dtype, shape, data_offsets }: HeaderEntry): NdArray {
  // Copied: elements need not start where a float may. (`slice` of a Node Buffer would be a view.)
  const data = new Uint8Array(buffer.subarray(...data_offsets));
  switch (dtype) {
    case 'F32':
      return { dtype: 'float32', shape, data: new Float32Array(data.buffer) };
    case 'I32':
      return { dtype: 'int32', shape, data: new Int32Array(data.buffer) };
    case 'U8':
      return { dtype: 'uint8', shape, data };
    case 'BOOL':
      if (data.some((value) => value > 1)) throw new Error(`its bool tensor '${name}' holds bytes other than 0 and 1`);
      return { dtype: 'bool', shape, data };
  }
}
