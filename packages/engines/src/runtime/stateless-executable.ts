import type { Executable, NdArrays, Program, RunOptions } from '@kindred/core';

import { graphName } from '../trace/record-program.js';

import { ModelCache } from './model.js';
import { outputsOf } from './outputs.js';
import { assertVariables } from './variables.js';
import { packAll } from './wire.js';
import { closedError, type WorkerPool } from './worker-pool.js';

/** Sets of input shapes whose sessions are kept in memory. */
const CAPACITY = 4;

/** A program without variables: its runs are independent and spread over the pool. */
export function createStatelessExecutable(program: Program, pool: WorkerPool, onDispose: () => void): Executable {
  const models = new ModelCache(program, CAPACITY, (model) => pool.release(model));
  let disposed = false;
  return {
    async run(inputs: NdArrays, options: RunOptions = {}) {
      options.signal?.throwIfAborted();
      if (disposed) throw closedError();
      const model = models.get(inputs);
      const feeds = packAll(inputs, model.inputs, graphName.input);
      return outputsOf(model, await pool.run(model, feeds, model.outputs.map(graphName.output), options));
    },
    readVariables: () => Promise.resolve({}),
    writeVariables: (values) =>
      new Promise((resolve) => {
        assertVariables(program, values);
        resolve();
      }),
    dispose() {
      if (!disposed) for (const model of models.all()) pool.release(model);
      disposed = true;
      onDispose();
      return Promise.resolve();
    },
  };
}
