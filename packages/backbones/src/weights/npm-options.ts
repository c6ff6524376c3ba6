// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- packages that read these sources need the ambient declarations, which an import cannot bring
/// <reference path="./npmcli-config.d.ts" />
import { dirname, join } from 'node:path';

import Config from '@npmcli/config';
import npm from '@npmcli/config/lib/definitions/index.js';
import type { Options } from 'pacote';

/** What pacote takes, with the retry settings that npm always fills in. */
export type NpmOptions = Options & { retry: { retries: number; minTimeout: number } };

/**
 * Registry, proxy, certificates, tokens and retries just as `npm install` in `cwd` would use them: from the environment and the
 * project's, user's and global .npmrc.
 */
export async function npmOptions(cwd: string): Promise<NpmOptions> {
  const config = new Config({
    ...npm,
    npmPath: npmFolder(),
    argv: [],
    // A copy: loading writes npm_config_* into it.
    env: { ...process.env },
    cwd,
    warn: false,
  });
  await config.load();

  // Flattening sets this one variable of the process.
  const userAgent = process.env['npm_config_user_agent'];
  const flat = config.flat as NpmOptions;
  if (userAgent === undefined) delete process.env['npm_config_user_agent'];
  else process.env['npm_config_user_agent'] = userAgent;

  return {
    ...flat,
    // npm's cache would keep a second copy of every tarball.
    cache: undefined,
    // npm waits 10 s before it tries again, which makes a missing network look like a hang. A user's own value stays.
    ...(config.find('fetch-retry-mintimeout') === 'default' && { retry: { ...flat.retry, minTimeout: 1000 } }),
  };
}

/** The npm that came with this Node, where a distribution may keep a built-in npmrc. It need not be there. */
function npmFolder(): string {
  const bin = dirname(process.execPath);
  return process.platform === 'win32' ? join(bin, 'node_modules/npm') : join(bin, '../lib/node_modules/npm');
}
