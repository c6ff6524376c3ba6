import * as tf from '@tensorflow/tfjs-core';
import { float32, prepareTf, type Program } from '@kindred/core';
import { beforeAll, describe, expect, it } from 'vitest';

import { recordProgram } from './record-program.js';

beforeAll(prepareTf);

const inputs = { x: { dtype: 'float32', shape: [2] } } as const;
const program = (run: Program['run']): Program => ({ name: 'guarded', run });

describe('while a program is recorded', () => {
  it('an assignment to a variable of someone else is an error that names it, and changes nothing', () => {
    const foreign = tf.variable(tf.tensor1d([1, 2]), true, 'foreign');
    const assigning = program(({ inputs: { x } }) => {
      foreign.assign(x as tf.Tensor1D);
      return {};
    });
    expect(() => recordProgram(assigning, inputs)).toThrowError(
      expect.objectContaining({ code: 'KINDRED_ENGINE_VARIABLE', received: 'foreign' }) as Error,
    );
    expect([...foreign.dataSync()]).toEqual([1, 2]);
    foreign.assign(tf.tensor1d([3, 4]));
    expect([...foreign.dataSync()]).toEqual([3, 4]);
    foreign.dispose();
  });

  it('a variable of the program’s own is assigned to', () => {
    const counting: Program = {
      name: 'counting',
      variables: { count: float32([]) },
      run({ variables: { count } }) {
        count?.assign(tf.add(count, 1));
        return {};
      },
    };
    expect(recordProgram(counting, {})).toMatchObject({ updates: ['count'] });
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['tf.dropout', (x) => tf.dropout(x, 0.5)],
    ['tf.randomNormal', (x) => tf.add(x, tf.randomNormal([2]))],
    ['Math.random', (x) => tf.mul(x, Math.random())],
  ])('%s would be the same in every run, and is an error', (_, f) => {
    const drawing = program(({ inputs: { x } }) => ({ y: f(x as tf.Tensor) }));
    expect(() => recordProgram(drawing, inputs)).toThrowError(
      expect.objectContaining({ code: 'KINDRED_ENGINE_RANDOM' }) as Error,
    );
    expect(Math.random()).toBeLessThan(1);
  });

  it('says why a kernel has no lowering, where there is a reason', () => {
    const complex = program(({ inputs: { x } }) => ({ y: tf.unique(x as tf.Tensor1D).values }));
    expect(() => recordProgram(complex, inputs)).toThrowError(
      expect.objectContaining({
        code: 'KINDRED_ENGINE_KERNEL',
        received: 'Unique',
        hint: expect.stringContaining('depends on values') as string,
      }) as Error,
    );
  });
});
