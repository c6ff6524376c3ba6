import { createHash } from 'node:crypto';

import type { BackboneModel } from '../plugin/contract.js';
import type { Calibration } from '../plugin/engine-contract.js';

/** SHA-256 of a calibration: with the weights' own, what 8-bit features depend on. */
export function calibrationHash(calibration: Calibration): string {
  return createHash('sha256').update(JSON.stringify(calibration)).digest('hex');
}

/** The backbone as it is in 8 bits: features of another calibration are other features, and are stored apart. */
export function calibrated(model: BackboneModel, calibration: Calibration): BackboneModel {
  return { ...model, fingerprint: `${model.fingerprint}:int8:${calibrationHash(calibration)}` };
}
