import { KindredError } from '../errors/kindred-error.js';
import type { BackboneModel } from '../plugin/contract.js';
import type { Engine, Int8Support } from '../plugin/engine-contract.js';

/** @throws KINDRED_ENGINE_PRECISION if the engine computes in float32 alone */
export function requireInt8(engine: Engine): Int8Support {
  if (engine.int8) return engine.int8;
  throw new KindredError('KINDRED_ENGINE_PRECISION', {
    message: `The engine must compute in 8 bits for "backbone.precision": "int8". The engine ${engine.name} computes in float32 alone.`,
    path: 'backbone.precision',
    received: engine.name,
    hint: 'Use the engine "onnx", or leave "precision" out.',
  });
}

/** @throws KINDRED_MANIFEST_VALUE for a backbone that is trained */
export function requireFrozen(model: BackboneModel, name: string): void {
  if (!model.trainable) return;
  throw new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `"backbone.precision" must be float32 for the backbone ${name}, which is trained: only given weights can be made int8. Got "int8".`,
    path: 'backbone.precision',
    hint: 'Leave it out, or use a pretrained backbone such as resnet50.',
  });
}
