import * as tf from '@tensorflow/tfjs-core';
import { KindredError } from '@kindred/core';

/**
 * Runs `body` while two things that a recording cannot keep are errors: an assignment to a variable that is not in `own`,
 * whose value would be lost, and random numbers of the host, which would be the same in every run.
 * @throws KINDRED_ENGINE_VARIABLE, KINDRED_ENGINE_RANDOM
 */
export function withHostGuards<T>(program: string, own: ReadonlySet<tf.Variable>, body: () => T): T {
  const assign = Object.getOwnPropertyDescriptor(tf.Variable.prototype, 'assign') as PropertyDescriptor;
  const { random } = Math;
  const write = assign.value as (this: tf.Variable, value: tf.Tensor) => void;
  Object.defineProperty(tf.Variable.prototype, 'assign', {
    ...assign,
    value(this: tf.Variable, value: tf.Tensor) {
      if (!own.has(this)) throw foreignVariable(program, this);
      write.call(this, value);
    },
  });
  Math.random = () => {
    throw hostRandom(program);
  };
  try {
    return body();
  } finally {
    Math.random = random;
    Object.defineProperty(tf.Variable.prototype, 'assign', assign);
  }
}

function foreignVariable(program: string, { name, shape }: tf.Variable): KindredError {
  return new KindredError('KINDRED_ENGINE_VARIABLE', {
    message: `The program ${program} must assign to its own variables only. It assigned to "${name}" of shape [${shape.join(', ')}].`,
    received: name,
    hint: 'Name the variable in the program’s "variables" and assign to the one that run is given; compile() finds variables by itself.',
  });
}

function hostRandom(program: string): KindredError {
  return new KindredError('KINDRED_ENGINE_RANDOM', {
    message: `The program ${program} must not draw random numbers on the host: they would be the same in every run. It called Math.random, as tf.dropout and tf.randomUniform do.`,
    hint: 'Give random numbers to the program as an input, use mode.dropout in a network, or leave dropout out (training: false).',
  });
}
