import type { BackboneModel } from '../plugin/contract.js';
import type { Calibration, Engine, Executable } from '../plugin/engine-contract.js';
import type { NdArray, NdArrays } from '../tensor/nd-array.js';

import { backboneProgram, pipelineProgram, stagesProgram, type Stage } from './compose.js';

export type Runnable = Pick<Executable, 'run'>;

/**
 * A pipeline from `images` uint8 `[B, H, W, C]` to one output for each branch, as one program. In 8 bits the backbone is one of its
 * own, just as it was in training: put together with what follows, other things would be rounded.
 */
export async function compilePipeline(
  engine: Engine,
  model: BackboneModel,
  weights: NdArrays,
  stages: Readonly<Record<string, Stage>>,
  calibration?: Calibration,
): Promise<Runnable> {
  if (!calibration) return engine.compile(pipelineProgram(model, weights, stages));
  const backbone = await engine.compile(backboneProgram(model, weights), { calibration });
  const branches = await engine.compile(stagesProgram('branches', stages));
  return {
    async run(images, options) {
      const { features } = await backbone.run(images, options);
      return branches.run({ features: features as NdArray }, options);
    },
  };
}
