import { createRequire } from 'node:module';

/** This package's version. */
export function coreVersion(): string {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  return version;
}
