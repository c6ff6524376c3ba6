import type { Scope } from '../container/scope.js';
import { ENGINE, FEATURE_STORE, HOST, PLAN, RANDOM } from '../container/tokens.js';
import { KindredError } from '../errors/kindred-error.js';
import { extractFeatures } from '../features/extract.js';
import type { ExtractedFeatures, ExtractOptions } from '../features/extract-options.js';
import { call } from '../plugin/bound.js';
import type { BackboneModel, Sample, Weights } from '../plugin/contract.js';
import type { Calibration } from '../plugin/engine-contract.js';
import { calibrated } from '../precision/calibrated.js';
import type { NdArrays } from '../tensor/nd-array.js';

import { backboneProgram } from './compose.js';
import { contextFor } from './open-scope.js';
import { valuesOf } from './whole-backbone.js';

/** Images a run of the backbone: enough to keep a worker busy, and few enough that memory stays small. */
export const IMAGE_BATCH = 8;

/** Makes the manifest's backbone and checks what it promises. */
export async function createBackbone(scope: Scope): Promise<BackboneModel> {
  const { backbone } = scope.resolve(PLAN);
  const ctx = await contextFor(scope, 'backbone');
  const model = await call(backbone, 'create', (component, options) => component.create(options, ctx), ctx.signal);
  if (!Number.isInteger(model.features) || model.features < 1 || model.fingerprint === '') {
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `The backbone ${backbone.component.name} must state the length of its feature and a fingerprint. Got ${model.features} and "${model.fingerprint}".`,
    });
  }
  return model;
}

/** The weights that a backbone starts with: given ones, or drawn from the seed. */
export function initialWeights(scope: Scope, model: BackboneModel): Weights {
  return model.network.init(scope.resolve(RANDOM).fork('backbone weights'));
}

export interface ComputeOptions extends Pick<ExtractOptions, 'onError' | 'keep' | 'task'> {
  /** What training made of the backbone's weights. Left out: those that it starts with. */
  readonly weights?: NdArrays;
  readonly calibration?: Calibration;
}

/** The features of `samples`, from the store where the backbone is frozen and they are there. */
export async function computeFeatures(
  scope: Scope,
  model: BackboneModel,
  samples: readonly Sample[],
  options: ComputeOptions,
): Promise<ExtractedFeatures> {
  const engine = await scope.resolve(ENGINE);
  const { progress, signal } = scope.resolve(HOST);
  const { calibration, weights, ...rest } = options;
  const executable = await engine.compile(backboneProgram(model, weights ?? valuesOf(initialWeights(scope, model))), {
    ...(calibration && { calibration }),
  });
  try {
    return await extractFeatures({
      samples,
      model: calibration ? calibrated(model, calibration) : model,
      executable,
      concurrency: engine.concurrency,
      ...(weights === undefined && { store: scope.resolve(FEATURE_STORE) }),
      batchSize: IMAGE_BATCH,
      ...rest,
      limitInputPixels: scope.resolve(PLAN).manifest.data.limitInputPixels,
      progress,
      signal,
    });
  } finally {
    await executable.dispose();
  }
}
