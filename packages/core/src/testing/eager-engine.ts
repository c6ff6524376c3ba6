import * as tf from '@tensorflow/tfjs-core';

import { isKindredError, KindredError } from '../errors/kindred-error.js';
import type { Engine, Executable, NamedTensors, Program } from '../plugin/engine-contract.js';
import { refuseCalibration } from '../precision/int8-support.js';
import type { NdArray, NdArrays } from '../tensor/nd-array.js';
import { prepareTfGradients, toNdArray, toTensor } from '../tensor/tf-runtime.js';

/**
 * The smallest engine: runs every program eagerly on tfjs' plain JavaScript backend. Slow, exact and without native code,
 * for tests of components and as the yardstick of other engines.
 */
export function createEagerEngine(): Engine {
  const open = new Set<Executable>();
  return {
    name: 'eager',
    concurrency: 1,
    describe: () => ({ tfjs: tf.version_core }),
    async compile(program, options) {
      refuseCalibration('eager', options);
      await prepareTfGradients();
      const executable = createExecutable(program, () => open.delete(executable));
      open.add(executable);
      return executable;
    },
    async dispose() {
      await Promise.all([...open].map((executable) => executable.dispose()));
    },
  };
}

function createExecutable(program: Program, onDispose: () => void): Executable {
  const constants = mapValues(program.constants ?? {}, toTensor);
  const variables = mapValues(program.variables ?? {}, (array) => tf.tidy(() => tf.variable(toTensor(array))));
  let disposed = false;
  /** The variables' values before the last run; clones share their memory. */
  let before: Record<string, tf.Tensor> = {};

  function runNow(arrays: NdArrays): NdArrays {
    if (disposed) throw runError(program, 'was run after dispose()');
    const results: Record<string, NdArray> = {};
    tf.dispose(before);
    before = mapValues(variables, (variable) => tf.clone<tf.Tensor>(variable));
    try {
      // tidy frees what the program made, also after an error; variables are not its concern.
      tf.tidy(() => {
        const outputs = program.run({ inputs: mapValues(arrays, toTensor), constants, variables });
        Object.assign(results, mapValues(outputs, toNdArray));
      });
    } catch (error) {
      if (isKindredError(error)) throw error;
      throw runError(program, `failed: ${error instanceof Error ? error.message : String(error)}`, error);
    }
    return results;
  }

  return {
    // The promise's body runs at once: the order of the calls is the order of the runs.
    run: (inputs, options) =>
      new Promise((resolve) => {
        options?.signal?.throwIfAborted();
        resolve(runNow(inputs));
      }),
    readVariables: () => Promise.resolve(mapValues(variables, toNdArray)),
    writeVariables(values) {
      for (const [name, array] of Object.entries(values)) {
        const variable = variables[name];
        if (variable === undefined || variable.shape.join() !== array.shape.join() || variable.dtype !== array.dtype) {
          return Promise.reject(inputError(program, name, variable, array));
        }
      }
      tf.tidy(() => {
        for (const [name, array] of Object.entries(values)) variables[name]?.assign(toTensor(array));
      });
      return Promise.resolve();
    },
    undo() {
      for (const [name, value] of Object.entries(before)) variables[name]?.assign(value);
      before = {};
      return Promise.resolve();
    },
    dispose() {
      if (!disposed) tf.dispose([constants, variables, before]);
      disposed = true;
      onDispose();
      return Promise.resolve();
    },
  };
}

function mapValues<In, Out>(record: Readonly<Record<string, In>>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function runError(program: Program, problem: string, cause?: unknown): KindredError {
  return new KindredError('KINDRED_ENGINE_RUN', {
    message: `The program '${program.name}' ${problem.replace(/\.$/, '')}.`,
    cause,
  });
}

function inputError(
  program: Program,
  name: string,
  variable: NamedTensors[string] | undefined,
  array: NdArrays[string],
) {
  const wanted = variable === undefined ? 'does not exist' : `must be ${variable.dtype} [${variable.shape.join(', ')}]`;
  return new KindredError('KINDRED_ENGINE_INPUT', {
    message: `The variable '${name}' of the program '${program.name}' ${wanted}. Got ${array.dtype} [${array.shape.join(', ')}].`,
    received: array.shape,
  });
}
