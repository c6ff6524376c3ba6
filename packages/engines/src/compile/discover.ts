import * as tf from '@tensorflow/tfjs-core';
import { KindredError, type Program } from '@kindred/core';

import type { InputSpecs } from '../trace/input-specs.js';
import { recordProgram } from '../trace/record-program.js';

/** The process's variables, by name, as tfjs keeps them. */
const registered = (): tf.Variable[] => Object.values(tf.engine().registeredVariables);

/**
 * Records `program` once to learn what it keeps: the variables that it assigns to, which include those that it creates (an
 * optimizer makes its slots in its first step). Afterwards all variables have the values that they had, or were created with.
 * @throws KINDRED_ENGINE_* if the program cannot be recorded
 */
export function discoverState(program: Program, inputs: InputSpecs): tf.Variable[] {
  const before = new Set(registered());
  const assigned = new Set<tf.Variable>();
  const created = new Map<tf.Variable, Float32Array>();
  const observed: Program = {
    ...program,
    run(given) {
      const outputs = withObservedAssignments(assigned, () => program.run(given));
      for (const variable of registered()) {
        if (!before.has(variable)) created.set(variable, initialValue(program.name, variable));
      }
      return outputs;
    },
  };
  try {
    recordProgram(observed, inputs);
  } catch (error) {
    for (const variable of registered()) if (!before.has(variable)) variable.dispose();
    throw error;
  }
  // Their tensors ended with the recording.
  tf.tidy(() => {
    for (const [variable, values] of created) variable.assign(tf.tensor(values, variable.shape, variable.dtype));
  });
  return [...assigned];
}

function withObservedAssignments<T>(assigned: Set<tf.Variable>, body: () => T): T {
  const assign = Object.getOwnPropertyDescriptor(tf.Variable.prototype, 'assign') as PropertyDescriptor;
  Object.defineProperty(tf.Variable.prototype, 'assign', {
    ...assign,
    value(this: tf.Variable) {
      assigned.add(this);
    },
  });
  try {
    return body();
  } finally {
    Object.defineProperty(tf.Variable.prototype, 'assign', assign);
  }
}

/** What a variable was created with while the function was recorded; only constants have values then. */
function initialValue(program: string, variable: tf.Variable): Float32Array {
  try {
    return variable.dataSync<'float32'>().slice();
  } catch (error) {
    throw new KindredError('KINDRED_ENGINE_DATA_DEPENDENT', {
      message: `A variable that ${program} creates must start from constants. That of shape [${variable.shape.join(', ')}] depends on arguments.`,
      hint: 'Create the variable before the function is compiled.',
      cause: error,
    });
  }
}
