import { KindredError } from '../errors/kindred-error.js';
import type { BackboneModel } from '../plugin/contract.js';
import type { CompileOptions, Engine, Int8Support } from '../plugin/engine-contract.js';

/** @throws KINDRED_ENGINE_PRECISION if the engine computes in float32 alone */
export function requireInt8(engine: Engine): Int8Support {
  if (engine.int8) return engine.int8;
  throw float32Alone(engine.name);
}

/**
 * For engines that compute in float32 alone: refuses a program in 8 bits instead of giving other numbers than were asked for.
 * @throws KINDRED_ENGINE_PRECISION
 */
export function refuseCalibration(engine: string, { calibration }: CompileOptions = {}): void {
  if (calibration) throw float32Alone(engine);
}

function float32Alone(engine: string): KindredError {
  return new KindredError('KINDRED_ENGINE_PRECISION', {
    message: `The engine must compute in 8 bits for "precision": "int8". The engine ${engine} computes in float32 alone.`,
    path: 'backbone.precision',
    received: engine,
    hint: 'Use the engine "onnx" on the processor ("device": "cpu"), or leave "precision" out.',
  });
}

/** @throws KINDRED_MANIFEST_VALUE for a backbone that is trained */
export function requireFrozen(model: BackboneModel, name: string): void {
  if (!model.trainable) return;
  throw new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `"backbone.precision" must be float32 for the backbone ${name}, which is trained: only given weights can be made int8. Got "int8".`,
    path: 'backbone.precision',
    hint: 'Leave it out, or use a pretrained backbone none of whose layers is trained.',
  });
}
