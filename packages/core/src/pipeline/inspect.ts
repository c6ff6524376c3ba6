import { IssueList } from '../data/issue-list.js';
import { hashImage } from '../data/hash.js';
import { decodedBatches, readSample } from '../features/decoded-batches.js';
import type { SkippedSample } from '../features/extract-options.js';
import type { Host } from '../host/types.js';
import type { ImageSpec, Sample } from '../plugin/contract.js';

import { IMAGE_BATCH } from './backbone.js';

export interface InspectOptions {
  readonly spec: ImageSpec;
  readonly limitInputPixels: number;
  readonly onError: 'skip' | 'fail';
}

/**
 * Hashes and decodes every image once, so that a bad one is known before hours of training; nothing is kept but the hashes.
 * @throws KINDRED_IMAGE_* with the bad images as `issues` if `onError` is "fail"
 */
export async function inspectImages(
  samples: readonly Sample[],
  { spec, limitInputPixels, onError }: InspectOptions,
  { progress, signal }: Pick<Host, 'progress' | 'signal'>,
): Promise<{ kept: number[]; hashes: string[]; skipped: SkippedSample[] }> {
  const step = progress.start({ name: 'checking images', total: samples.length, unit: 'images' });
  const hashes = new Map<number, string>();
  const hashing = samples.map((sample, index): Sample => ({
    id: sample.id,
    labels: sample.labels,
    location: sample.location,
    read: async () => {
      const bytes = await readSample(sample);
      hashes.set(index, hashImage(bytes));
      return bytes;
    },
  }));
  const kept: number[] = [];
  const skipped: SkippedSample[] = [];
  const issues = new IssueList();
  try {
    for await (const { entries } of decodedBatches(hashing, {
      spec,
      limitInputPixels,
      batchSize: IMAGE_BATCH,
      signal,
    })) {
      for (const { index, sample, error } of entries) {
        if (error === undefined) kept.push(index);
        else {
          skipped.push({ id: sample.id, location: sample.location, error });
          issues.add(error);
        }
      }
      step.advance(entries.length);
      if (onError === 'fail' && issues.full) break;
    }
  } finally {
    step.end();
  }
  if (onError === 'fail') issues.throwIfAny(`All ${samples.length} images`);
  return { kept, hashes: kept.map((index) => hashes.get(index) ?? ''), skipped };
}
