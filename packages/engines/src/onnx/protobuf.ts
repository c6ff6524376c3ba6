import protobuf from 'protobufjs/minimal.js';

export type Writer = protobuf.Writer;

/** Wire types of protocol buffers. */
export const VARINT = 0;
export const BYTES = 2;
export const FIXED32 = 5;

/** What stands before a field: its number and wire type. */
export const tag = (field: number, wire: number): number => (field << 3) | wire;

/** Writes `field` as a message of its own. */
export function message(writer: Writer, field: number, write: (inner: Writer) => void): void {
  writer.uint32(tag(field, BYTES)).fork();
  write(writer);
  writer.ldelim();
}

export function text(writer: Writer, field: number, value: string): void {
  writer.uint32(tag(field, BYTES)).string(value);
}

/** Numbers that are not negative in groups of seven bits, the lowest first, each byte but a number's last marked by its top bit. */
export function varints(numbers: Int32Array): Uint8Array {
  const longest = 5;
  const bytes = new Uint8Array(longest * numbers.length);
  let length = 0;
  for (const number of numbers) {
    let rest = number;
    for (; rest > 0x7f; rest >>>= 7) bytes[length++] = (rest & 0x7f) | 0x80;
    bytes[length++] = rest;
  }
  return bytes.subarray(0, length);
}

/** A part of a file that is written when its place in the whole is known. */
export interface Piece {
  readonly length: number;
  write(target: Uint8Array): void;
}

export function encode(write: (writer: Writer) => void): Piece {
  const writer = protobuf.Writer.create();
  write(writer);
  const bytes = writer.finish();
  return { length: bytes.length, write: (target) => target.set(bytes) };
}

export const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0);

/** Larger than any element: what is a multiple of it from the beginning is aligned for all types. */
const ALIGNMENT = 8;

/** All pieces, one after another, in a new buffer in which the byte number `aligned` lies as if the buffer began there. */
export function join(pieces: readonly Piece[], aligned = 0): Uint8Array<ArrayBuffer> {
  const target = new Uint8Array(
    new ArrayBuffer(ALIGNMENT + lengthOf(pieces)),
    (ALIGNMENT - (aligned % ALIGNMENT)) % ALIGNMENT,
    lengthOf(pieces),
  );
  let offset = 0;
  for (const piece of pieces) {
    piece.write(target.subarray(offset, offset + piece.length));
    offset += piece.length;
  }
  return target;
}
