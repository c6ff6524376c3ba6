import * as tf from '@tensorflow/tfjs-core';
import {
  isKindredError,
  KindredError,
  toNdArray,
  toTensor,
  type Executable,
  type NdArray,
  type NdArrays,
  type Program,
  type RunOptions,
} from '@kindred/core';

import { abortable } from '../runtime/aborted.js';
import { assertVariables } from '../runtime/variables.js';
import { describeInputs } from '../trace/input-specs.js';

import { onBackend } from './on-backend.js';
import { BACKEND } from './register.js';
import type { Turns } from './turns.js';

/**
 * A program that libtensorflow runs op by op. Its constants and variables live in the backend from the first run on, so that
 * only inputs and outputs are copied.
 */
export class EagerExecutable implements Executable {
  #constants: Record<string, tf.Tensor> | undefined;
  #variables: Record<string, tf.Variable> | undefined;
  #disposed = false;

  constructor(
    private readonly program: Program,
    private readonly turns: Turns,
    private readonly onDispose: () => void,
  ) {}

  run(inputs: NdArrays, { signal }: RunOptions = {}): Promise<NdArrays> {
    if (this.#disposed) return Promise.reject(closedError());
    // The caller may reuse its buffers while the run waits in line.
    const copies = mapValues(inputs, copyOf);
    const run = this.#inTurn(() => {
      signal?.throwIfAborted();
      return this.#execute(copies);
    });
    return abortable(run, signal);
  }

  readVariables(): Promise<NdArrays> {
    return this.#inTurn(() => mapValues(this.#tensors().variables, toNdArray));
  }

  writeVariables(values: NdArrays): Promise<void> {
    const copies = mapValues(values, copyOf);
    return this.#inTurn(() => {
      assertVariables(this.program, copies);
      const { variables } = this.#tensors();
      for (const [name, array] of Object.entries(copies)) variables[name]?.assign(toTensor(array));
    });
  }

  /** The run under way is done when this is called; those in line are rejected. */
  dispose(): Promise<void> {
    this.#disposed = true;
    tf.dispose([this.#constants, this.#variables]);
    this.#constants = this.#variables = undefined;
    this.onDispose();
    return Promise.resolve();
  }

  /** In a turn of its own, on the backend; tidy frees what `work` made, also after an error. Variables are not its concern. */
  #inTurn<T>(work: () => T): Promise<T> {
    return this.turns.next(() => {
      if (this.#disposed) throw closedError();
      return onBackend(BACKEND, () => {
        tf.engine().startScope(this.program.name);
        try {
          return work();
        } finally {
          tf.engine().endScope();
        }
      });
    });
  }

  #execute(inputs: NdArrays): NdArrays {
    try {
      const outputs = this.program.run({ inputs: mapValues(inputs, toTensor), ...this.#tensors() });
      return mapValues(outputs, toNdArray);
    } catch (error) {
      if (isKindredError(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new KindredError('KINDRED_ENGINE_RUN', {
        message: `The program ${this.program.name} must run for the inputs ${describeInputs(inputs)}. Got: ${reason}`,
        cause: error,
      });
    }
  }

  #tensors() {
    const { constants = {}, variables = {} } = this.program;
    this.#constants ??= mapValues(constants, (array) => tf.keep(toTensor(array)));
    // A variable takes over its tensor's values; the copy keeps the program's initial ones as they are.
    this.#variables ??= mapValues(variables, (array) => tf.variable(toTensor(copyOf(array))));
    return { constants: this.#constants, variables: this.#variables };
  }
}

function closedError(): KindredError {
  return new KindredError('KINDRED_ENGINE_RUN', {
    message: 'A compiled program must be run before it or its engine tensorflow is disposed.',
  });
}

const copyOf = (array: NdArray): NdArray => ({ ...array, data: array.data.slice() });

function mapValues<In, Out>(record: Readonly<Record<string, In>>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
