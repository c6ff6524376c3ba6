import type { NdArrays, Program } from '@kindred/core';

import { ModelCache } from './model.js';
import { outputsOf } from './outputs.js';
import type { Replicas } from './replicas.js';
import { runModel, type Runner } from './runner.js';

/** Sets of input shapes whose sessions are kept: full batches, the last batch, and the same for validation. */
const CAPACITY = 4;

/** Computes each run in one piece, in the only replica. */
export class WholeRunner implements Runner {
  readonly #models: ModelCache;

  constructor(
    program: Program,
    private readonly replicas: Replicas,
  ) {
    this.#models = new ModelCache(program, CAPACITY, (model) => replicas.release(model));
  }

  async run(inputs: NdArrays): Promise<NdArrays> {
    const model = this.#models.get(inputs);
    return outputsOf(model, await runModel(this.replicas, 0, model, inputs));
  }
}
