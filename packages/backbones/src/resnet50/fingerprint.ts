import { createHash } from 'node:crypto';

/** SHA-256 over all that features depend on. */
export function fingerprintOf(parts: Readonly<Record<string, string | number>>): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
