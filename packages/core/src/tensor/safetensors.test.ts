import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { float32, int32, uint8, type NdArrays } from './nd-array.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

// tools/fixtures/make_safetensors.py
const reference = JSON.parse(
  readFileSync(new URL('./safetensors/fixtures/reference.json', import.meta.url), 'utf8'),
) as { base64: string };
const referenceBytes = new Uint8Array(Buffer.from(reference.base64, 'base64'));
const referenceArrays: NdArrays = {
  'weights/b': float32([2, 3], [1.5, -0, Infinity, 3, 1e-40, -2.5]),
  'weights/a': float32([], [2]),
  '10': int32([2], [2 ** 31 - 1, -(2 ** 31)]),
  '9': int32([0, 4]),
  image: uint8([3], [0, 127, 255]),
  maske: { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
  'größe 🜚': uint8([2], [1, 2]),
  'größe ｚ': uint8([1], [3]),
};
const referenceMetadata = { größe: 'a "quoted"\nline' };

/** A file made by hand. */
function file(header: string | object, size = 0, claimed?: bigint): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(size)]);
}
const u8 = (shape: number[], from: number, to: number) => ({ dtype: 'U8', shape, data_offsets: [from, to] });

describe('safetensors', () => {
  it('reads what the reference implementation wrote', () => {
    expect(decodeSafetensors(referenceBytes, 'f')).toEqual({ arrays: referenceArrays, metadata: referenceMetadata });
  });

  it('writes the same bytes as the reference implementation', () => {
    expect(Buffer.from(encodeSafetensors(referenceArrays, referenceMetadata))).toEqual(Buffer.from(referenceBytes));
  });

  it('writes the same bytes whatever the order of the keys', () => {
    const backwards = Object.fromEntries(Object.entries(referenceArrays).reverse());
    const metadata = { b: '2', a: '1', 1: '0' };
    expect(encodeSafetensors(backwards, { a: '1', b: '2', 1: '0' })).toEqual(
      encodeSafetensors(referenceArrays, metadata),
    );
  });

  it('keeps nothing: an empty file', () => {
    expect(decodeSafetensors(Buffer.from(referenceBytes), 'f').arrays).toEqual(referenceArrays);
    expect(decodeSafetensors(encodeSafetensors({}), 'f')).toEqual({ arrays: {}, metadata: {} });
  });

  it('gives back whatever it was given', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.float32Array()), (values) => {
        const arrays = Object.fromEntries(
          Object.entries(values).map(([name, data]) => [`n${name}`, float32([data.length], data)]),
        );
        expect(decodeSafetensors(encodeSafetensors(arrays), 'f').arrays).toEqual(arrays);
      }),
    );
  });

  it('gives every array memory of its own, also where the bytes are not aligned', () => {
    const shifted = new Uint8Array(referenceBytes.length + 1).subarray(1);
    shifted.set(referenceBytes);
    const { arrays } = decodeSafetensors(shifted, 'f');
    shifted.fill(0);
    expect(arrays).toEqual(referenceArrays);
  });

  it("refuses to write an array under the metadata's name", () => {
    expect(() => encodeSafetensors({ __metadata__: float32([1]) })).toThrow("must not be named '__metadata__'");
  });
});

describe('safetensors refuses', () => {
  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(), 'it has 0 bytes'],
    ['a header length past the limit', file('{}', 0, 2n ** 63n), 'the limit is 100000000'],
    ['a header length past the end', file('{}', 0, 3n), 'past the end of the file'],
    ['a header that is not UTF-8', file('{"\xff"', 0).map((byte) => (byte === 0xc3 ? 0xff : byte)), 'not valid'],
    ['a header that is not JSON', file('{"a":'), 'JSON'],
    ['comments in the header', file('{/* */}'), 'JSON'],
    ['a header that is not an object', file('[]'), 'must begin with {'],
    ['space before the header', file(' {}'), 'must begin with {'],
    ['a null tensor', file({ a: null }), "its tensor 'a' has a bad entry"],
    ['an unknown dtype', file({ a: { ...u8([1], 0, 1), dtype: 'F99' } }, 1), "its tensor 'a' has a bad dtype"],
    ['an unknown key', file({ a: { ...u8([1], 0, 1), code: 'x' } }, 1), "its tensor 'a' has a bad entry"],
    ['a negative dimension', file({ a: u8([-1], 0, 1) }, 1), "its tensor 'a' has a bad shape.0"],
    ['a broken dimension', file({ a: u8([0.5], 0, 1) }, 1), "its tensor 'a' has a bad shape.0"],
    ['a dimension no integer holds', file({ a: u8([2 ** 60], 0, 1) }, 1), "its tensor 'a' has a bad shape.0"],
    ['a negative offset', file({ a: u8([1], -1, 0) }, 1), "its tensor 'a' has a bad data_offsets.0"],
    ['an end before the begin', file({ a: u8([1], 0, 1), b: u8([0], 1, 0) }, 1), "its tensor 'b'"],
    ['a tensor past the end', file({ a: u8([2], 0, 2) }, 1), 'its tensors end at byte 2, its data at 1'],
    ['overlapping tensors', file({ a: u8([2], 0, 2), b: u8([2], 1, 3) }, 3), "its tensor 'b' begins at byte 1"],
    ['a tensor inside another', file({ a: u8([3], 0, 3), b: u8([1], 1, 2) }, 3), "its tensor 'b' begins at byte 1"],
    ['two tensors in one place', file({ a: u8([2], 0, 2), b: u8([2], 0, 2) }, 2), "its tensor 'b' begins at byte 0"],
    ['a hole between tensors', file({ a: u8([1], 0, 1), b: u8([1], 2, 3) }, 3), "its tensor 'b' begins at byte 2"],
    ['a hole at the begin', file({ a: u8([1], 1, 2) }, 2), "its tensor 'a' begins at byte 1"],
    ['bytes after the last tensor', file({ a: u8([1], 0, 1) }, 2), 'its tensors end at byte 1, its data at 2'],
    ['a shape that asks for more', file({ a: u8([3], 0, 2) }, 2), 'of shape [3] takes 3 bytes and is given 2'],
    ['a shape whose size wraps around in 64 bits', file({ a: u8([2 ** 32, 2 ** 32], 0, 0) }), 'is given 0'],
    ['a shape whose size overflows', file({ a: u8(new Array<number>(40).fill(2 ** 50), 0, 1) }, 1), 'takes Infinity'],
    ['a name twice', file(`{"a":${JSON.stringify(u8([1], 0, 1))},"a":${JSON.stringify(u8([0], 0, 0))}}`), "'a' twice"],
    ['a name twice, once escaped', file('{"a":1,"\\u0061":2}'), "'a' twice"],
    ['a key twice in an entry', file('{"a":{"dtype":"U8","dtype":"F32","shape":[],"data_offsets":[0,1]}}', 1), 'twice'],
    ['metadata that is not text', file({ __metadata__: { a: 1 } }), 'must hold text'],
    [
      'bytes that are no bool',
      Buffer.concat([file({ a: { ...u8([1], 0, 1), dtype: 'BOOL' } }), Buffer.of(2)]),
      "'a' holds",
    ],
  ])('%s', (_, bytes, problem) => {
    expect(() => decodeSafetensors(bytes, 'state/head.safetensors')).toThrow(
      expect.objectContaining({
        code: 'KINDRED_BUNDLE_INVALID',
        path: 'state/head.safetensors',
        message: expect.stringContaining(problem) as string,
      }) as Error,
    );
  });

  it('a truncated file, wherever it was cut', () => {
    for (let length = 0; length < referenceBytes.length; length++) {
      expect(() => decodeSafetensors(referenceBytes.subarray(0, length), 'f')).toThrow('f must be a whole file');
    }
  });

  it('a name that would change the prototype of objects, as anything but a name', () => {
    const bytes = file(`{"__proto__":${JSON.stringify(u8([1], 0, 1))}}`, 1);
    const { arrays } = decodeSafetensors(bytes, 'f');
    expect(Object.keys(arrays)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(arrays)).toBe(Object.prototype);
  });
});
