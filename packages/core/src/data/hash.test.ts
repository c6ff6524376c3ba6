import { expect, it } from 'vitest';

import { hashImage } from './hash.js';

// The example of FIPS 180-4.
it('is SHA-256 in hexadecimal', () => {
  expect(hashImage(Buffer.from('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
