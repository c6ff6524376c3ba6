import * as tf from '@tensorflow/tfjs-core';

import type { Optimizer, OptimizerModel } from '../plugin/contract.js';
import { prepareTf } from '../tensor/tf-runtime.js';

import { type Check, expectThat } from './check.js';

/** What every optimizer must do. */
export const optimizerChecks: readonly Check<Optimizer>[] = [
  {
    name: 'walks down a quadratic',
    async run(optimizer, options) {
      const model = await create(optimizer, options);
      // f(w) = curvature w^2 / 2, whose gradient is curvature w.
      const curvature = [0.1, 1, 2];
      const value = (w: readonly number[]) => w.reduce((total, wi, i) => total + (curvature[i]! * wi * wi) / 2, 0);
      let state: State = { weight: [1, -2, 3], slots: model.slots.map(() => [0, 0, 0]) };
      const before = value(state.weight);
      for (let step = 1; step <= 50; step++) {
        state = update(model, { ...state, gradient: state.weight.map((w, i) => w * curvature[i]!) }, { step });
      }
      expectThat(value(state.weight) < before, {
        expected: `50 steps down a quadratic must end below its value at the start, ${before}.`,
        seen: `${value(state.weight)}`,
        fix: 'Subtract the step from the weight, and try a smaller learning rate by default.',
      });
    },
  },
  {
    name: 'gives the weight and every slot back in the shape of the weight',
    async run(optimizer, options) {
      const model = await create(optimizer, options);
      tf.tidy(() => {
        for (const shape of [[], [3], [2, 3], [2, 2, 1, 3]]) {
          const result = model.update({ ...tensors(model, (value) => tf.fill(shape, value)), ...scalars(model) });
          const shapes = [result.weight, ...model.slots.map((slot) => result.slots[slot])].map(
            (tensor) => tensor?.shape,
          );
          expectThat(
            shapes.every((seen) => seen?.join() === shape.join()),
            {
              expected: `A weight of shape [${shape.join(', ')}] must keep it, and each of the slots [${model.slots.join(', ')}] must have it.`,
              seen: shapes.map((seen) => (seen === undefined ? 'no tensor' : `[${seen.join(', ')}]`)).join(', '),
              fix: 'Return every name of `slots`, computed element by element.',
            },
          );
        }
      });
    },
  },
  {
    name: 'leaves what it is given unchanged',
    async run(optimizer, options) {
      const model = await create(optimizer, options);
      tf.tidy(() => {
        const given = { ...tensors(model, (value) => tf.fill([3], value)), ...scalars(model) };
        const all = [given.weight, given.gradient, given.step, given.learningRate, ...Object.values(given.slots)];
        const before = all.map((tensor) => tensor.arraySync());
        model.update(given);
        const unchanged = all.every(
          (tensor, i) => !tensor.isDisposed && String(tensor.arraySync()) === String(before[i]),
        );
        expectThat(unchanged, {
          expected: 'update must leave its tensors as they were and return new ones.',
          seen: 'one of them changed or was disposed of',
          fix: 'Do not call assign or dispose: the training step does both.',
        });
      });
    },
  },
  {
    name: 'stays finite without a gradient, in the first step and much later',
    async run(optimizer, options) {
      const model = await create(optimizer, options);
      for (const step of [1, 2, 100_000]) {
        const { weight, slots } = update(model, { ...start(model), gradient: [0, 0, 0] }, { step });
        const seen = [...weight, ...slots.flat()].find((value) => !Number.isFinite(value));
        expectThat(seen === undefined, {
          expected: `A step with a zero gradient must give finite numbers (step ${step}).`,
          seen: `${seen}`,
          fix: 'Add a small number to what is divided by.',
        });
      }
    },
  },
  {
    name: 'does not move at a learning rate of 0',
    async run(optimizer, options) {
      const model = await create(optimizer, options);
      const { weight } = update(model, { ...start(model), gradient: [1, -2, 3] }, { learningRate: 0 });
      expectThat(weight.join() === '1,-2,3', {
        expected: 'The first step at a learning rate of 0 must leave the weight [1, -2, 3] as it is.',
        seen: `[${weight.join(', ')}]`,
        fix: 'Multiply every move with the tensor learningRate, not with the number from the options: schedules change it.',
      });
    },
  },
];

interface State {
  readonly weight: readonly number[];
  readonly slots: readonly (readonly number[])[];
}

const start = (model: OptimizerModel): State => ({ weight: [1, -2, 3], slots: model.slots.map(() => [0, 0, 0]) });

async function create(optimizer: Optimizer, options: object = {}): Promise<OptimizerModel> {
  await prepareTf();
  return optimizer.create(optimizer.options.parse(options));
}

function scalars(model: OptimizerModel, { step = 1, learningRate = model.learningRate } = {}) {
  return { step: tf.scalar(step), learningRate: tf.scalar(learningRate) };
}

function tensors(model: OptimizerModel, make: (value: number) => tf.Tensor) {
  return {
    weight: make(1),
    gradient: make(0.5),
    slots: Object.fromEntries(model.slots.map((slot) => [slot, make(0)])),
  };
}

function update(
  model: OptimizerModel,
  { weight, slots, gradient }: State & { readonly gradient: readonly number[] },
  at: { step?: number; learningRate?: number },
): State {
  const result: { state?: State } = {};
  tf.tidy(() => {
    const named = Object.fromEntries(model.slots.map((slot, i) => [slot, tf.tensor1d([...slots[i]!])]));
    const given = { weight: tf.tensor1d([...weight]), gradient: tf.tensor1d([...gradient]), slots: named };
    const next = model.update({ ...given, ...scalars(model, at) });
    const read = (tensor: tf.Tensor) => Array.from(tensor.dataSync());
    result.state = { weight: read(next.weight), slots: model.slots.map((slot) => read(next.slots[slot]!)) };
  });
  return result.state!;
}
