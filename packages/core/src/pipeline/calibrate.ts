import type { Scope } from '../container/scope.js';
import { ENGINE, HOST, PLAN, RANDOM } from '../container/tokens.js';
import { KindredError } from '../errors/kindred-error.js';
import { hashReadable } from '../features/hash-readable.js';
import { decodedBatches } from '../features/decoded-batches.js';
import { CalibrationCache, calibrationKey } from '../precision/calibration-cache.js';
import { drawImages, type HashedSample } from '../precision/calibration-set.js';
import { requireFrozen, requireInt8 } from '../precision/int8-support.js';
import type { BackboneModel, Sample } from '../plugin/contract.js';
import type { Calibration } from '../plugin/engine-contract.js';
import type { NdArrays } from '../tensor/nd-array.js';

import { initialWeights } from './backbone.js';
import { backboneProgram } from './compose.js';
import { inspectImages } from './inspect.js';
import { splitUsable, usableSamples } from './load-data.js';
import type { PipelineData } from './pipeline-data.js';
import type { PipelineState } from './state.js';
import { trimmed } from './trimmed.js';
import { valuesOf } from './whole-backbone.js';

/** Images a run. While ranges are measured all activations of a batch are in memory: of ResNet-50 170 MB an image. */
const CALIBRATION_BATCH = 1;

/** @throws KINDRED_ENGINE_PRECISION, KINDRED_MANIFEST_VALUE, before any work, if the backbone cannot be run as the manifest says */
export async function checkPrecision(scope: Scope, model: BackboneModel): Promise<void> {
  const { manifest, backbone } = scope.resolve(PLAN);
  if (manifest.backbone.precision === 'float32') return;
  requireFrozen(model, backbone.component.name);
  requireInt8(await scope.resolve(ENGINE));
}

/**
 * How a trained pipeline's backbone is run: its calibration, or undefined for float32.
 * @throws KINDRED_BUNDLE_INVALID if the state lacks what its manifest says, and what `checkPrecision` throws
 */
export async function learnedCalibration(
  scope: Scope,
  model: BackboneModel,
  { calibration }: PipelineState,
): Promise<Calibration | undefined> {
  await checkPrecision(scope, model);
  const { precision } = scope.resolve(PLAN).manifest.backbone;
  if (precision === 'float32' || calibration) return precision === 'int8' ? calibration : undefined;
  throw new KindredError('KINDRED_BUNDLE_INVALID', {
    message:
      'A bundle must be whole and unaltered. Its manifest says "precision": "int8", and its state has no calibration.',
    path: 'backbone.precision',
    hint: 'Copy it again, or train it again from its manifest.',
  });
}

/**
 * Measures what the engine needs to run the backbone in 8 bits, on images of the training part alone; read from the cache
 * folder if these images were measured before. Undefined for float32.
 */
export async function calibrateBackbone(
  scope: Scope,
  model: BackboneModel,
  data: PipelineData,
): Promise<Calibration | undefined> {
  const { backbone } = scope.resolve(PLAN).manifest;
  if (backbone.precision === 'float32') return undefined;
  const { cacheDir, log } = scope.resolve(HOST);
  const engine = await scope.resolve(ENGINE);
  const random = scope.resolve(RANDOM).fork('calibration');
  const images = drawImages(await trainingImages(scope, model, data), backbone.calibrationImages, random);
  const cache = new CalibrationCache(cacheDir);
  const key = calibrationKey(
    model,
    images.map(({ hash }) => hash),
    engine,
  );
  const known = await cache.get(key);
  if (known) {
    log.info({ images: images.length }, 'read the calibration for int8 from the cache');
    return known;
  }
  const measured = await measure(scope, model, images);
  await cache.put(key, measured);
  log.info({ images: images.length }, 'calibrated the backbone for int8');
  return measured;
}

/** The training part, split as it will be for training: the images must be known to be readable for that. */
async function trainingImages(
  scope: Scope,
  model: BackboneModel,
  data: PipelineData,
): Promise<readonly HashedSample[]> {
  const { limitInputPixels, onError } = scope.resolve(PLAN).manifest.data;
  const host = scope.resolve(HOST);
  const { samples } = data;
  // With "fail" an image that does not decode ends the run later; with "skip" it would move others to another part.
  const inspected =
    onError === 'fail'
      ? await hashReadable(samples, host)
      : await inspectImages(samples, { spec: model.input, limitInputPixels, onError }, host);
  const usable = usableSamples(samples, inspected);
  return splitUsable(scope, usable, data).train.map((i) => ({
    sample: usable.samples[i] as Sample,
    hash: usable.hashes[i] as string,
  }));
}

async function measure(scope: Scope, model: BackboneModel, images: readonly HashedSample[]): Promise<Calibration> {
  const { progress, signal } = scope.resolve(HOST);
  const { limitInputPixels } = scope.resolve(PLAN).manifest.data;
  const step = progress.start({ name: 'calibrating for int8', total: images.length, unit: 'images' });
  async function* batches(): AsyncGenerator<NdArrays> {
    const decoding = { spec: model.input, batchSize: CALIBRATION_BATCH, limitInputPixels, signal };
    const samples = images.map(({ sample }) => sample);
    for await (const batch of decodedBatches(samples, decoding)) {
      const failed = batch.entries.find(({ error }) => error !== undefined);
      if (failed?.error) throw failed.error;
      yield { images: trimmed(batch).images };
      step.advance(batch.count);
    }
  }
  try {
    const int8 = requireInt8(await scope.resolve(ENGINE));
    return await int8.calibrate(backboneProgram(model, valuesOf(initialWeights(scope, model))), batches(), { signal });
  } finally {
    step.end();
  }
}
