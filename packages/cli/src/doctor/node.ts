import { readFileSync } from 'node:fs';

import type { Finding } from './finding.js';

/** Whether this Node is new enough, by the package's own `engines`. */
export function checkNode(version: string = process.versions.node): Finding {
  const file = new URL('../../package.json', import.meta.url);
  const { engines } = JSON.parse(readFileSync(file, 'utf8')) as { engines: { node: string } };
  const needed = engines.node.replace('>=', '');
  if (isAtLeast(version, needed)) return { name: 'node', status: 'ok', detail: version };
  return {
    name: 'node',
    status: 'fail',
    detail: `${version}; at least ${needed} is needed`,
    fix: `Install Node ${needed} or newer: https://nodejs.org/en/download, or \`nvm install ${needed}\`.`,
  };
}

/** Compares versions part by part: `20.19` is below `20.19.1` and `22.0.0`. */
export function isAtLeast(version: string, needed: string): boolean {
  const have = version.split('.').map(Number);
  const want = needed.split('.').map(Number);
  for (const [i, part] of want.entries()) {
    const other = have[i] ?? 0;
    if (other !== part) return other > part;
  }
  return true;
}
