import { DECODER_REVISION } from '../data/decode/decode-image.js';

/**
 * The key of a stored feature: what the image is, what the backbone is, and how images are decoded between the two.
 * @param imageHash SHA-256 of the encoded image.
 * @param fingerprint The backbone's `fingerprint`.
 */
export function featureKey(imageHash: string, fingerprint: string): string {
  return `${imageHash}:${fingerprint}:${DECODER_REVISION}`;
}
