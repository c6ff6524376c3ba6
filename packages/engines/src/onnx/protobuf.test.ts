import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';

import { varints } from './protobuf.js';

describe('numbers of varying length', () => {
  it('are what a reader of protocol buffers reads', () => {
    const lists = fc.array(fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1), fc.constantFrom(127, 128, 16383, 16384)));
    fc.assert(
      fc.property(lists, (numbers) => {
        const bytes = varints(Int32Array.from(numbers));
        const reader = protobuf.Reader.create(bytes);
        const read: number[] = [];
        while (reader.pos < bytes.length) read.push(Number(reader.int64()));
        expect(read).toEqual(numbers);
      }),
    );
  });
});
