import { IssueList } from '../data/issue-list.js';
import type { Sample } from '../plugin/contract.js';

import type { ExtractedFeatures, ExtractOptions } from './extract-options.js';
import { inspectSamples } from './find-features.js';

/**
 * Reads and hashes every image without decoding it.
 * @throws KINDRED_IMAGE_* with up to 20 bad images as `issues`
 */
export async function hashReadable(
  samples: readonly Sample[],
  options: Pick<ExtractOptions, 'progress' | 'signal'>,
): Promise<Pick<ExtractedFeatures, 'kept' | 'hashes' | 'skipped'>> {
  const issues = new IssueList();
  const hashes: string[] = [];
  for await (const { hash, error } of inspectSamples(samples, options)) {
    if (error === undefined) hashes.push(hash);
    else issues.add(error);
    if (issues.full) break;
  }
  issues.throwIfAny(`All ${samples.length} images`);
  return { kept: samples.map((_, index) => index), hashes, skipped: [] };
}
