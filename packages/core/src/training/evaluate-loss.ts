import { KindredError } from '../errors/kindred-error.js';
import type { Engine, RunOptions } from '../plugin/engine-contract.js';
import type { NdArrays } from '../tensor/nd-array.js';

import { eachAhead, rowsOf } from './batches.js';
import { batchInputs, LOSS, lossProgram, weightVariables } from './step.js';
import type { BatchSource, TrainingTask } from './task.js';

export interface LossEvaluator {
  /** The mean over all samples of the loss as in prediction, without dropout: for `TrainingOptions.validate`. */
  evaluate(weights: NdArrays, options?: RunOptions): Promise<number>;
  dispose(): Promise<void>;
}

/** Measures a task's loss on held-out batches (those of epoch 1). @throws KINDRED_DATA_EMPTY if there are none. */
export async function createLossEvaluator(
  task: TrainingTask,
  batches: BatchSource,
  engine: Engine,
): Promise<LossEvaluator> {
  const executable = await engine.compile(lossProgram(task));
  return {
    async evaluate(weights, options) {
      await executable.writeVariables(weightVariables(weights));
      let [samples, sum] = [0, 0];
      await eachAhead(batches.epoch(1), async (batch) => {
        const outputs = await executable.run(batchInputs(batch), options);
        const rows = rowsOf(batch);
        samples += rows;
        sum += (outputs[LOSS]?.data[0] ?? NaN) * rows;
      });
      if (samples > 0) return sum / samples;
      throw new KindredError('KINDRED_DATA_EMPTY', {
        message: `The validation of '${task.name}' must get samples. Got none.`,
      });
    },
    dispose: () => executable.dispose(),
  };
}
