import type { BackboneModel } from '../plugin/contract.js';
import type { Calibration, Engine, Executable } from '../plugin/engine-contract.js';
import type { NdArray, NdArrays } from '../tensor/nd-array.js';

import { backboneProgram, branchesProgram, pipelineProgram, type PlacedBranches } from './compose.js';

export type Runnable = Pick<Executable, 'run'>;

/**
 * A pipeline from `images` uint8 `[B, H, W, C]` to the outputs of each branch, as one program. In 8 bits the backbone is one of its
 * own, just as it was in training: put together with what follows, other things would be rounded.
 */
export async function compilePipeline(
  engine: Engine,
  model: BackboneModel,
  weights: NdArrays,
  branches: PlacedBranches,
  calibration?: Calibration,
): Promise<Runnable> {
  if (!calibration) return engine.compile(pipelineProgram(model, weights, branches));
  const backbone = await engine.compile(backboneProgram(model, weights), { calibration });
  const heads = await engine.compile(branchesProgram(branches));
  return {
    async run(images, options) {
      const { features } = await backbone.run(images, options);
      return heads.run({ features: features as NdArray }, options);
    },
  };
}
