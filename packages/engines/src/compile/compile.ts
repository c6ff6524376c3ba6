import * as tf from '@tensorflow/tfjs-core';
import {
  prepareTfGradients,
  sizeOf,
  toNdArray,
  toTensor,
  type Engine,
  type NdArrays,
  type Program,
} from '@kindred/core';

import { createOnnxEngine } from '../engine.js';

import { withBoundState } from './bind.js';
import { discoverState } from './discover.js';
import { checkSpecs, inputName, toInputs, type TensorArgument, type TensorSpec } from './inputs.js';
import { named, shapedLike, type Outputs } from './structure.js';

export interface CompileFunctionOptions {
  /** For messages. Default: the function's own name. */
  readonly name?: string;
  /** What compiles and runs it. Default: an engine of this process on all its processors. */
  readonly engine?: Engine;
}

/** A compiled function: called with tensors or arrays, it gives new tensors, which are the caller's. */
export interface CompiledFunction<R> {
  /** @throws KINDRED_ENGINE_INPUT if an argument does not fit; KINDRED_ENGINE_RUN, KINDRED_ENGINE_WORKER */
  (...args: readonly TensorArgument[]): Promise<R>;
  /** Copies the values that the calls so far have left in the function's variables into those `tf.Variable`s. */
  sync(): Promise<void>;
  /** Frees the compiled function. Its engine goes on. */
  dispose(): Promise<void>;
}

let shared: Engine | undefined;

/**
 * Compiles a function of tfjs ops for arguments of these shapes; calls of the result run natively, in worker threads.
 * Variables that the function assigns to (weights under an optimizer, moving averages) are its state: their values move into
 * the engine now, change there from call to call, and come back with `sync`. Everything else that it reads from
 * outside, such as the weights of a model that only predicts, is fixed at its present value.
 * @throws KINDRED_ENGINE_* if the function cannot be compiled, at once and not at its first call
 */
export async function compile<R extends Outputs>(
  fn: (...args: tf.Tensor[]) => R,
  specs: readonly TensorSpec[],
  { name = fn.name || 'the compiled function', engine }: CompileFunctionOptions = {},
): Promise<CompiledFunction<R>> {
  await prepareTfGradients();
  const checked = checkSpecs(name, specs);
  let form = undefined as R;
  const pure: Program = {
    name,
    run({ inputs }) {
      form = fn(...checked.map((_, place) => inputs[inputName(place)] as tf.Tensor));
      return named(form, name);
    },
  };
  const inputs = Object.fromEntries(checked.map((spec, place) => [inputName(place), spec]));
  const state = discoverState(pure, inputs).map((variable, i) => ({ variable, key: `${i}/${variable.name}` }));
  const values = (): NdArrays => Object.fromEntries(state.map(({ variable, key }) => [key, toNdArray(variable)]));
  const initial = values();
  const executable = await (engine ?? (shared ??= createOnnxEngine())).compile({
    name,
    variables: initial,
    run: (given) =>
      withBoundState(
        state.map(({ variable, key }) => [variable, given.variables[key] as tf.Variable]),
        () => pure.run(given),
      ),
  });

  // A run on zeros makes the session now, so that its errors show here and the first call is as fast as the others.
  const zeros = checked.map(({ shape }) => new Array<number>(sizeOf(shape)).fill(0));
  try {
    await executable.run(toInputs(name, checked, zeros));
    if (state.length > 0) await executable.writeVariables(initial);
  } catch (error) {
    await executable.dispose();
    throw error;
  }

  const call = async (...args: readonly TensorArgument[]): Promise<R> => {
    const results = await executable.run(toInputs(name, checked, args));
    return shapedLike(form, Object.fromEntries(Object.entries(results).map(([key, array]) => [key, toTensor(array)])));
  };
  return Object.assign(call, {
    async sync() {
      const read = await executable.readVariables();
      tf.tidy(() => {
        for (const { variable, key } of state) variable.assign(toTensor(read[key]!));
      });
    },
    dispose: () => executable.dispose(),
  });
}
