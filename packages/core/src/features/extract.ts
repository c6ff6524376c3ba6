import { IssueList } from '../data/issue-list.js';
import { throwIfAborted } from '../data/throw-if-aborted.js';
import { KindredError } from '../errors/kindred-error.js';
import type { Sample } from '../plugin/contract.js';

import { computeFeatures, type WantedImage } from './compute-features.js';
import type { ExtractedFeatures, ExtractOptions } from './extract-options.js';
import { FeatureRows } from './feature-rows.js';
import { inspectSamples, lookUp } from './find-features.js';

/** How many more images are looked through, to report all bad ones at once, after the first that does not decode. */
const LOOK_ON = 2000;

/**
 * The features of `samples` by a frozen backbone: read from the store or computed. Images are read twice, once to hash them and
 * once to decode what the store does not have; beside the result, memory is bounded by the batch size. Byte-identical images are
 * computed once. Features go to the store as they come, so an interrupted run goes on where it stopped.
 * @throws KINDRED_IMAGE_* with all bad images as `issues` if `onError` is "fail"; KINDRED_PLUGIN_RESULT for a backbone that
 *   gives another shape or values that are not finite; KINDRED_STORE_*; KINDRED_ABORTED; KINDRED_ENGINE_*
 */
export async function extractFeatures(options: ExtractOptions): Promise<ExtractedFeatures> {
  try {
    return await extract(options);
  } catch (error) {
    throwIfAborted(options.signal);
    throw error;
  }
}

async function extract(options: ExtractOptions): Promise<ExtractedFeatures> {
  const { samples, onError } = options;
  const issues = new IssueList();
  const failIfAsked = () => {
    if (onError === 'fail') issues.throwIfAny(`All ${samples.length} images`);
  };

  // What became of each sample: an error, or the hash under which its feature is found.
  const errors = new Map<number, KindredError>();
  const hashes: (string | undefined)[] = [];
  const images = new Map<string, Sample>();
  for await (const { hash, error } of inspectSamples(samples, options)) {
    const index = hashes.push(hash) - 1;
    const sample = samples[index] as Sample;
    if (hash !== undefined && !images.has(hash)) images.set(hash, sample);
    if (error === undefined) continue;
    errors.set(index, error);
    issues.add(error);
    if (onError === 'fail' && issues.full) break;
  }
  failIfAsked();

  const rows = new FeatureRows(new Set(keeps(options) ? images.keys() : []), options.model.features);
  const missing = new Map(images);
  await lookUp([...images.keys()], options, (hash, feature) => {
    rows.set(hash, feature);
    missing.delete(hash);
  });
  const wanted = [...missing].map(([hash, sample]) => ({ hash, sample }));
  const broken = await computeMissing(wanted, options, rows, issues);
  failIfAsked();

  hashes.forEach((hash, index) => {
    const failure = hash === undefined ? undefined : broken.get(hash);
    if (failure !== undefined) errors.set(index, errorOfCopy(samples[index] as Sample, failure));
  });
  return summarise(options, rows, hashes, errors, {
    fromStore: images.size - missing.size,
    computed: missing.size - broken.size,
  });
}

const keeps = ({ keep = true }: ExtractOptions): boolean => keep;

interface Failure {
  readonly sample: Sample;
  readonly error: KindredError;
}

async function computeMissing(
  wanted: readonly WantedImage[],
  options: ExtractOptions,
  rows: FeatureRows,
  issues: IssueList,
): Promise<ReadonlyMap<string, Failure>> {
  const broken = new Map<string, Failure>();
  if (wanted.length === 0) return broken;
  const { onError, batchSize } = options;
  let batchesLeft = Math.ceil(LOOK_ON / batchSize);
  await computeFeatures(wanted, options, {
    feature: ({ hash }, feature) => {
      rows.set(hash, feature);
    },
    failed: ({ hash, sample }, error) => {
      broken.set(hash, { sample, error });
      issues.add(error);
      return onError === 'skip';
    },
    looksOn: () => !issues.full && batchesLeft-- > 0,
  });
  return broken;
}

/** The error for one of several byte-identical images names that one, too. */
function errorOfCopy(sample: Sample, { sample: original, error }: Failure): KindredError {
  if (sample === original) return error;
  const { code, hint, cause, message } = error;
  const copied = `${sample.location} is a copy of ${original.location}. ${message}`;
  return new KindredError(code, { message: copied, path: sample.location, hint, cause });
}

function summarise(
  options: ExtractOptions,
  rows: FeatureRows,
  hashes: readonly (string | undefined)[],
  errors: ReadonlyMap<number, KindredError>,
  stats: ExtractedFeatures['stats'],
): ExtractedFeatures {
  const { samples } = options;
  const kept = samples.map((_, index) => index).filter((index) => !errors.has(index));
  const keptHashes = kept.map((index) => hashes[index] ?? '');
  const skipped = [...errors]
    .sort(([a], [b]) => a - b)
    .map(([index, error]) => ({ id: samples[index]?.id ?? '', location: samples[index]?.location ?? '', error }));
  const features = rows.select(keeps(options) ? keptHashes : []);
  return { features, kept, hashes: keptHashes, skipped, stats };
}
