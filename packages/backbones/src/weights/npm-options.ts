// Packages that read these sources need the declarations too, and an import cannot bring ambient ones.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./npmcli-config.d.ts" />
import Config from '@npmcli/config';
import npm from '@npmcli/config/lib/definitions/index.js';
import type { Options } from 'pacote';

/** What pacote takes, with npm's retry settings always filled in. */
export type NpmOptions = Options & { fetchRetries: number; fetchRetryMintimeout: number };

/**
 * Registry, proxy, certificates, tokens and retries just as `npm install` in `cwd` would use them: from the environment and the
 * project's, user's and global .npmrc.
 */
export async function npmOptions(cwd: string): Promise<NpmOptions> {
  const config = new Config({
    ...npm,
    // npm's own folder, where a distribution may keep a built-in npmrc. It is not known from here.
    npmPath: cwd,
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
    ...(config.find('fetch-retry-mintimeout') === 'default' && { fetchRetryMintimeout: 1000 }),
  };
}
