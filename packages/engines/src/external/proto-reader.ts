import type protobuf from 'protobufjs/minimal.js';

type Reader = protobuf.Reader;

const BYTES = 2;

/** Reads one field of a message. It must read the field to its end, or leave the reader where it is to have it skipped. */
export type FieldReader = (reader: Reader, wire: number) => void;

/**
 * Reads a message field by field, from the reader's place to `end`; fields without a reader are skipped.
 * @throws RangeError or Error where the bytes are no protocol buffer
 */
export function readMessage(reader: Reader, end: number, fields: Readonly<Record<number, FieldReader>>): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const [field, wire] = [tag >>> 3, tag & 7];
    if (field === 0) throw new Error('a field has the number 0');
    const before = reader.pos;
    fields[field]?.(reader, wire);
    if (reader.pos === before) reader.skipType(wire);
  }
  if (reader.pos !== end) throw new RangeError('a field reaches over the end of its message');
}

/** A field that holds a message; `read` gets the place of its end. */
export const messageField =
  (read: (reader: Reader, end: number) => void): FieldReader =>
  (reader, wire) => {
    expectWire(wire, BYTES);
    read(reader, endOf(reader));
  };

export const textField =
  (set: (text: string) => void): FieldReader =>
  (reader, wire) => {
    expectWire(wire, BYTES);
    const end = endOf(reader);
    set(Buffer.from(reader.buf.subarray(reader.pos, end)).toString('utf8'));
    reader.pos = end;
  };

/** An integer, or several of them packed together. */
export const integerField =
  (set: (value: number) => void): FieldReader =>
  (reader, wire) => {
    if (wire !== BYTES) {
      expectWire(wire, 0);
      set(integer(reader));
      return;
    }
    const end = endOf(reader);
    while (reader.pos < end) set(integer(reader));
  };

/** Counts what a repeated field holds: `width` bytes each, or 0 for integers of any length. */
export const countField =
  (width: number, add: (count: number) => void): FieldReader =>
  (reader, wire) => {
    if (wire !== BYTES) {
      add(1);
      return; // skipped by readMessage
    }
    const end = endOf(reader);
    if (width > 0) add((end - reader.pos) / width);
    // The last byte of each integer has its highest bit clear.
    else for (let at = reader.pos; at < end; at++) if ((reader.buf[at] as number) < 0x80) add(1);
    reader.pos = end;
  };

/** Counts fields of bytes or messages, without looking into them. */
export const sizeField =
  (set: (bytes: number) => void): FieldReader =>
  (reader, wire) => {
    expectWire(wire, BYTES);
    const end = endOf(reader);
    set(end - reader.pos);
    reader.pos = end;
  };

function integer(reader: Reader): number {
  // protobufjs gives a plain number where it finds no class for longer ones.
  const value: unknown = reader.int64();
  return typeof value === 'number' ? value : (value as { toNumber(): number }).toNumber();
}

function endOf(reader: Reader): number {
  const length = reader.uint32();
  if (length > reader.len - reader.pos) throw new RangeError('a field reaches over the end of the file');
  return reader.pos + length;
}

function expectWire(wire: number, expected: number): void {
  if (wire !== expected) throw new Error(`a field has the wire type ${wire} instead of ${expected}`);
}
