import type { NdArrays, Program } from '@kindred/core';

import { ModelCache } from './model.js';
import { outputsOf } from './outputs.js';
import { joinRuns, repeated, splitRuns } from './repeated.js';
import type { Replicas } from './replicas.js';
import { runModel, type Runner } from './runner.js';
import { runsAtOnce } from './runs-at-once.js';

/** Sets of input shapes whose sessions are kept: full batches, the last batch, and the same for validation. */
const CAPACITY = 4;

/** Computes each run in one piece, in the only replica. */
export class WholeRunner implements Runner {
  readonly #models: ModelCache;
  readonly #repeated: ModelCache;

  constructor(
    program: Program,
    private readonly replicas: Replicas,
  ) {
    this.#models = new ModelCache(program, CAPACITY, (model) => replicas.release(model));
    this.#repeated = new ModelCache(repeated(program), CAPACITY, (model) => replicas.release(model));
  }

  async run(inputs: NdArrays): Promise<NdArrays> {
    const model = this.#models.get(inputs);
    return outputsOf(model, await runModel(this.replicas, 0, model, inputs));
  }

  runsAtOnce(inputs: NdArrays): number {
    return runsAtOnce(this.#models.get(inputs), inputs);
  }

  async runAll(inputs: readonly NdArrays[]): Promise<readonly NdArrays[]> {
    const [first, ...others] = inputs;
    if (!first) return [];
    if (others.length === 0) return [await this.run(first)];
    const joined = joinRuns(inputs);
    const model = this.#repeated.get(joined);
    return splitRuns(outputsOf(model, await runModel(this.replicas, 0, model, joined)), inputs.length);
  }
}
