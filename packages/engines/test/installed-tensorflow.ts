import { defaultCacheDir } from '@kindred/core/host';

import { findInstallation } from '../src/tensorflow/installation.js';

/** Where the tests look for libtensorflow: what `kindred engines install tensorflow` made, or a package. */
export const cacheDir = defaultCacheDir();

/** Why the tests of the engine tensorflow do not run; undefined where they do. */
export const notInstalled = findInstallation({ cacheDir })
  ? undefined
  : 'the engine tensorflow is not installed: kindred engines install tensorflow';
