import { createHash } from 'node:crypto';

/** SHA-256 of an encoded image, as 64 hexadecimal digits: byte-identical files are one image. */
export function hashImage(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
