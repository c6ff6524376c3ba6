import type { DType } from '../nd-array.js';

/*
 * The safetensors format (https://github.com/huggingface/safetensors#format): eight bytes with the header's length, little
 * endian; the header, a JSON object that is padded with spaces; one buffer that the tensors fill without holes.
 */

export const LENGTH_BYTES = 8;

/** The published limit of the header's length. */
export const MAX_HEADER_BYTES = 100_000_000;

/** The key of the header that holds text by name instead of a tensor. */
export const METADATA_KEY = '__metadata__';

/** Element types that both sides have, widest first: the order in which tensors are laid out, so that all are aligned. */
export const FORMAT_DTYPES = [
  { format: 'F32', dtype: 'float32', bytes: 4 },
  { format: 'I32', dtype: 'int32', bytes: 4 },
  { format: 'U8', dtype: 'uint8', bytes: 1 },
  { format: 'BOOL', dtype: 'bool', bytes: 1 },
] as const satisfies readonly { format: string; dtype: DType; bytes: number }[];

export type FormatDType = (typeof FORMAT_DTYPES)[number];

/** A tensor's entry in the header. */
export interface HeaderEntry {
  readonly dtype: FormatDType['format'];
  readonly shape: readonly number[];
  /** Begin and end in the buffer, in bytes. */
  readonly data_offsets: readonly [number, number];
}
