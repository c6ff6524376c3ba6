import { KindredError } from '../../errors/kindred-error.js';

import { recogniseFormat, SUPPORTED_FORMATS } from './image-format.js';

/**
 * Checks what can be told of an encoded image without decoding it.
 * @throws KINDRED_IMAGE_EMPTY, KINDRED_IMAGE_CORRUPT
 */
export function checkImageBytes(bytes: Uint8Array, location: string): void {
  if (bytes.length === 0) {
    throw new KindredError('KINDRED_IMAGE_EMPTY', {
      message: `An image file must not be empty. ${location} has no bytes.`,
      path: location,
      hint: 'Fetch or copy it again.',
    });
  }
  const format = recogniseFormat(bytes);
  if (format?.supported === true) return;
  throw new KindredError('KINDRED_IMAGE_CORRUPT', {
    message: `An image must be ${SUPPORTED_FORMATS.join(', ')}. ${location} is ${format?.name ?? `something else: it starts with ${firstBytes(bytes)}`}.`,
    path: location,
    received: format?.name,
    hint: format?.hint ?? 'Its name does not matter, only what is in it.',
  });
}

function firstBytes(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 8));
  return start.every((byte) => byte >= 0x20 && byte < 0x7f)
    ? JSON.stringify(start.toString('latin1'))
    : start.toString('hex');
}
