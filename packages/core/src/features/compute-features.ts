import { KindredError } from '../errors/kindred-error.js';
import { hashImage } from '../data/hash.js';
import type { Sample } from '../plugin/contract.js';

import { checkFeatures } from './check-features.js';
import { decodedBatches, readSample, type DecodedBatch } from './decoded-batches.js';
import type { ExtractOptions } from './extract-options.js';
import { featureKey } from './feature-key.js';
import { TaskWindow } from './task-window.js';

/** An image whose feature is wanted, and the hash that its bytes had when they were read before. */
export interface WantedImage {
  readonly sample: Sample;
  readonly hash: string;
}

/** Where results go. */
export interface FeatureSink {
  /** `feature` is a view that is only good during the call. */
  feature(image: WantedImage, feature: Float32Array): void;
  /** An image that cannot be decoded. False stops the backbone: later images are only looked through. */
  failed(image: WantedImage, error: KindredError): boolean;
  /** Whether looking through the rest is worth it once the backbone was stopped. */
  looksOn(): boolean;
}

/**
 * Runs the backbone over images. At most `concurrency + 1` batches exist at a time, the one being decoded included: a slow engine
 * holds back decoding, and a slow disk leaves the engine work to do.
 */
export async function computeFeatures(
  wanted: readonly WantedImage[],
  options: ExtractOptions,
  sink: FeatureSink,
): Promise<void> {
  const { model, executable, batchSize, signal, task = 'computing features' } = options;
  const step = options.progress.start({ name: task, total: wanted.length, unit: 'images' });
  const window = new TaskWindow(options.concurrency + 1);
  const imageOf = (index: number) => wanted[index] as WantedImage;

  const infer = async ({ images, count, entries }: DecodedBatch) => {
    const outputs = await executable.run({ images }, { signal });
    const rows = entries.filter((entry) => entry.error === undefined).map((entry) => imageOf(entry.index));
    const shape = { rows: batchSize, used: count, length: model.features };
    const features = checkFeatures(outputs, shape, (row) => rows[row]?.sample.location ?? 'an image');
    const views = rows.map((image, row) => {
      const feature = features.data.subarray(row * model.features, (row + 1) * model.features);
      sink.feature(image, feature);
      return [featureKey(image.hash, model.fingerprint), feature] as const;
    });
    await options.store?.putMany(views);
    step.advance(count);
  };

  let running = true;
  try {
    const spec = model.input;
    const decoding = { spec, batchSize, limitInputPixels: options.limitInputPixels, signal, ahead: 0 };
    for await (const batch of decodedBatches(wanted.map(unchanged), decoding)) {
      for (const { index, error } of batch.entries) {
        if (error !== undefined && !sink.failed(imageOf(index), error)) running = false;
      }
      step.advance(batch.entries.length - batch.count);
      if (running && batch.count > 0) await window.add(() => infer(batch));
      if (!running && !sink.looksOn()) break;
    }
    await window.drain();
  } finally {
    await window.settle();
    step.end();
  }
}

/** The sample, but refusing bytes other than those that were hashed: their feature would be stored under a wrong key. */
function unchanged({ sample, hash }: WantedImage): Sample {
  return {
    id: sample.id,
    labels: sample.labels,
    location: sample.location,
    read: async () => {
      const bytes = await readSample(sample);
      if (hashImage(bytes) === hash) return bytes;
      throw new KindredError('KINDRED_IMAGE_UNREADABLE', {
        message: `An image must not change during a run. ${sample.location} did.`,
        path: sample.location,
        hint: 'Run again once nothing writes to the data.',
      });
    },
  };
}
