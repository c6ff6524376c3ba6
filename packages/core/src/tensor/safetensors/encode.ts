import { KindredError } from '../../errors/kindred-error.js';
import type { NdArray, NdArrays } from '../nd-array.js';

import { FORMAT_DTYPES, LENGTH_BYTES, METADATA_KEY, type HeaderEntry } from './format.js';

/**
 * Writes named arrays, and text by name, in the safetensors format. The same content gives the same bytes, whatever the
 * order of its keys: arrays are laid out by falling element size, then by name, as the reference implementation does.
 * @throws KINDRED_PLUGIN_RESULT for an array named `__metadata__`, which the format keeps for the text.
 */
export function encodeSafetensors(arrays: NdArrays, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  if (Object.hasOwn(arrays, METADATA_KEY)) {
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `An array must not be named '${METADATA_KEY}': safetensors keeps that name for text.`,
      received: METADATA_KEY,
    });
  }
  const members: string[] = [];
  const texts = Object.entries(metadata).sort(byName);
  if (texts.length > 0)
    members.push(member(METADATA_KEY, object(texts.map(([name, text]) => member(name, JSON.stringify(text))))));

  const entries = Object.entries(arrays).sort((a, b) => layout(a[1]) - layout(b[1]) || byName(a, b));
  let size = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    const entry: HeaderEntry = {
      dtype: formatOf(dtype).format,
      shape,
      data_offsets: [size, (size += data.byteLength)],
    };
    members.push(member(name, JSON.stringify(entry)));
  }

  const text = Buffer.from(object(members));
  const headerBytes = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES;
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + size);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  file.set(text, LENGTH_BYTES);
  let offset = LENGTH_BYTES + headerBytes;
  for (const [, { data }] of entries) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

const formatOf = (dtype: NdArray['dtype']) => FORMAT_DTYPES.find((known) => known.dtype === dtype) ?? FORMAT_DTYPES[0];

const layout = ({ dtype }: NdArray) => FORMAT_DTYPES.indexOf(formatOf(dtype));

/** By UTF-8 bytes, which is not the order of JavaScript's strings outside of the basic plane. */
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

// Not JSON.stringify of the whole: JavaScript's objects put keys that look like numbers first.
const object = (members: readonly string[]) => `{${members.join(',')}}`;
const member = (name: string, json: string) => `${JSON.stringify(name)}:${json}`;
