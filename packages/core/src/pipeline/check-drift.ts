import type { Scope } from '../container/scope.js';
import { HOST, PLAN, RANDOM } from '../container/tokens.js';
import type { Split } from '../data/split/split-samples.js';
import type { PrecisionSummary } from '../host/types.js';
import type { BackboneModel, Sample } from '../plugin/contract.js';
import type { Calibration } from '../plugin/engine-contract.js';
import { calibrationHash } from '../precision/calibrated.js';
import { limitDrift, measureDrift } from '../precision/drift.js';
import type { NdArray } from '../tensor/nd-array.js';

import { computeFeatures } from './backbone.js';
import type { UsableSamples } from './load-data.js';
import { selectRows } from './rows.js';

/** Images on which features are compared: enough for a mean, few enough that float32 costs seconds. */
const COMPARED = 64;

/**
 * Compares features in 8 bits with those in float32 on held-out images.
 * @throws KINDRED_PRECISION_DRIFT if they are further apart than the manifest allows
 */
export async function checkDrift(
  scope: Scope,
  model: BackboneModel,
  calibration: Calibration,
  { usable, split, features }: { usable: UsableSamples; split: Split; features: NdArray<'float32'> },
): Promise<PrecisionSummary> {
  const { backbone } = scope.resolve(PLAN).manifest;
  const held = [...split.validation, ...split.test];
  const from = held.length > 0 ? held : split.train;
  const rows = scope.resolve(RANDOM).fork('drift').shuffle(from).slice(0, COMPARED);
  const samples = rows.map((row) => usable.samples[row] as Sample);
  const float = await computeFeatures(scope, model, samples, { onError: 'fail' });
  const drift = { heldOut: held.length > 0, ...measureDrift(float.features, selectRows(features, rows)) };
  scope.resolve(HOST).log.info(drift, 'compared int8 features with float32');
  if (backbone.precision === 'int8') limitDrift(drift, backbone.maxDrift);
  return { name: 'int8', calibration: calibrationHash(calibration), drift };
}
