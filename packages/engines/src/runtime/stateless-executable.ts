import { prepareTfGradients, type Executable, type NdArrays, type Program, type RunOptions } from '@kindred/core';

import { graphName, type recordProgram } from '../trace/record-program.js';

import { ModelCache, type Model } from './model.js';
import { outputsOf } from './outputs.js';
import { assertVariables } from './variables.js';
import { packAll } from './wire.js';
import { closedError, type WorkerPool } from './worker-pool.js';

/** Sets of input shapes whose sessions are kept in memory. */
const CAPACITY = 4;

/**
 * A program without variables: its runs are independent and spread over the pool.
 * @param record Makes the graph; with another one than that which the program describes, something else is run.
 */
export function createStatelessExecutable(
  program: Program,
  pool: WorkerPool<Model>,
  onDispose: () => void,
  record?: typeof recordProgram,
): Executable {
  const models = new ModelCache(program, CAPACITY, (model) => pool.release(model), record);
  let disposed = false;
  return {
    async run(inputs: NdArrays, options: RunOptions = {}) {
      options.signal?.throwIfAborted();
      if (disposed) throw closedError();
      let given = inputs;
      let model: Model;
      try {
        model = models.get(given);
      } catch (error) {
        if (!needsWholeTfjs(error)) throw error;
        // The caller may reuse its buffers meanwhile.
        given = structuredClone(inputs);
        await prepareTfGradients();
        model = models.get(given);
      }
      const feeds = packAll(given, model.inputs, graphName.input);
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

/**
 * Loading tfjs' gradients and the methods of its tensors (`x.relu()`) takes a tenth of a second, and few programs that keep
 * nothing use any: they are loaded where one asks for them.
 */
const needsWholeTfjs = (error: unknown): boolean => /gradient function not found|is not a function/.test(String(error));
