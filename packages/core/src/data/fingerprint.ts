import { createHash } from 'node:crypto';

import type { Sample } from '../plugin/contract.js';

/** SHA-256 over ids, labels and image hashes of samples, in their order. */
export function dataFingerprint({
  samples,
  hashes,
}: {
  readonly samples: readonly Sample[];
  readonly hashes: readonly string[];
}): string {
  const hash = createHash('sha256');
  samples.forEach(({ id, labels }, i) => hash.update(`${JSON.stringify([id, [...labels].sort(), hashes[i]])}\n`));
  return hash.digest('hex');
}
