import { inspect, isDeepStrictEqual } from 'node:util';

import * as tf from '@tensorflow/tfjs-core';

import { createRandom } from '../context/random.js';
import { isKindredError } from '../errors/kindred-error.js';
import type { Fitted, Transform } from '../plugin/contract.js';
import { float32, type NdArray } from '../tensor/nd-array.js';
import { prepareTf, toNdArray, toTensor } from '../tensor/tf-runtime.js';

import { type Check, expectThat } from './check.js';
import { createTestContext } from './test-context.js';

const ROWS = 24;
const COLUMNS = 8;

/** What every transform must do. Those that need more options than their defaults get them as the second argument of `run`. */
export const transformChecks: readonly Check<Transform>[] = [
  {
    name: 'fit leaves options and data unchanged',
    async run(transform, options) {
      const filled = fill(transform, options);
      const x = features();
      await transform.fit(filled, { x }, createTestContext());
      const unchanged = isDeepStrictEqual(filled, fill(transform, options)) && isDeepStrictEqual(x, features());
      expectThat(unchanged, {
        expected: 'fit must leave its options and its data as they were.',
        seen: 'one of them changed',
        fix: 'Copy before you change: data.x.data.slice().',
      });
    },
  },
  {
    name: 'fit gives the same state for the same data, bit for bit',
    async run(transform, options) {
      if (transform.tags?.deterministic === false) return;
      const [one, other] = [await fit(transform, options), await fit(transform, options)];
      expectThat(isDeepStrictEqual(one, other), {
        expected: 'Two fits on the same data with the same random stream must give the same state.',
        seen: 'states that differ',
        fix: 'Draw from ctx.random alone, or state tags: { deterministic: false }.',
      });
    },
  },
  {
    name: 'apply gives one row of finite numbers for each image',
    async run(transform, options) {
      const state = await fit(transform, options);
      for (const x of [features(), features(2), float32([1, COLUMNS])]) {
        const { shape, data } = await apply(transform, options, state, x);
        expectThat(shape.length === 2 && shape[0] === x.shape[0], {
          expected: `apply must give [${x.shape[0]}, E] for [${x.shape.join(', ')}].`,
          seen: `[${shape.join(', ')}]`,
          fix: 'Keep the first dimension: it counts images.',
        });
        expectThat(data.every(Number.isFinite), {
          expected: 'apply must give finite numbers for finite features, rows of zeros and constant columns included.',
          seen: `${data.find((value) => !Number.isFinite(value))}`,
          fix: 'Guard divisions and logarithms against zero.',
        });
      }
    },
  },
  {
    name: 'apply treats each image by itself',
    async run(transform, options) {
      const state = await fit(transform, options);
      const together = await apply(transform, options, state, features());
      const width = together.shape[1]!;
      for (const row of [ROWS - 1, 0]) {
        const alone = await apply(transform, options, state, rowOf(features(), row));
        const expected = together.data.slice(row * width, (row + 1) * width);
        expectThat(close(alone.data, expected), {
          expected: 'apply must give an image the same row whichever images it is computed with.',
          seen: `another row for image ${row} alone`,
          fix: 'Compute means and maxima over the batch in fit, and keep them in the state.',
        });
      }
    },
  },
  {
    name: 'the state can be saved as arrays and JSON',
    async run(transform, options) {
      const state = await fit(transform, options);
      const loaded = JSON.parse(JSON.stringify(state.json)) as object;
      expectThat(isDeepStrictEqual(loaded, state.json), {
        expected: 'The json part of the state must survive JSON.',
        seen: inspect(state.json),
        fix: 'Keep plain objects, strings and finite numbers there, and arrays of numbers in tensors.',
      });
      const before = await apply(transform, options, state, features(2));
      const after = await apply(transform, options, { tensors: state.tensors, json: loaded }, features(2));
      expectThat(isDeepStrictEqual(before, after), {
        expected: 'A loaded state must give what the saved one gave.',
        seen: 'another result',
        fix: 'Keep all that apply needs in the state, none of it in variables of the module.',
      });
    },
  },
  ...refusals([
    ['NaN among the features', float32([2, 2], [1, 2, NaN, 4])],
    ['an infinite feature', float32([2, 2], [1, Infinity, 3, 4])],
    ['no rows', float32([0, 3])],
  ]),
];

function refusals(cases: readonly (readonly [string, NdArray<'float32'>])[]): Check<Transform>[] {
  return cases.map(([what, x]) => ({
    name: `fit refuses ${what} with a named error`,
    async run(transform, options) {
      let outcome = 'a state';
      try {
        await transform.fit(fill(transform, options), { x }, createTestContext());
      } catch (error) {
        outcome = isKindredError(error) ? error.code : `the error "${String(error)}"`;
      }
      expectThat(outcome === 'KINDRED_FEATURES_INVALID', {
        expected: `fit must reject ${what} with KINDRED_FEATURES_INVALID.`,
        seen: outcome,
        fix: 'Check data.x before anything is computed from it.',
      });
    },
  }));
}

/** Features with an offset, different scales and a constant column. */
function features(seed = 1): NdArray<'float32'> {
  const random = createRandom(seed);
  const x = float32([ROWS, COLUMNS]);
  for (let i = 0; i < x.data.length; i++) {
    const column = i % COLUMNS;
    x.data[i] = column === 1 ? 0.1 : random.normal() * 10 ** (column - 3) + column;
  }
  return x;
}

function rowOf({ shape, data }: NdArray<'float32'>, row: number): NdArray<'float32'> {
  const columns = shape[1]!;
  return float32([1, columns], data.slice(row * columns, (row + 1) * columns));
}

const fill = (transform: Transform, options: object = {}): unknown => transform.options.parse(options);

function fit(transform: Transform, options: object | undefined): Promise<Fitted> {
  return transform.fit(fill(transform, options), { x: features() }, createTestContext());
}

async function apply(
  transform: Transform,
  options: object | undefined,
  state: Fitted,
  x: NdArray<'float32'>,
): Promise<NdArray> {
  await prepareTf();
  const result: NdArray[] = [];
  tf.tidy(() => {
    const tensors = Object.fromEntries(Object.entries(state.tensors).map(([name, array]) => [name, toTensor(array)]));
    const y = transform.apply({ options: fill(transform, options), tensors, json: state.json }, toTensor(x));
    result.push(toNdArray(y));
  });
  return result[0]!;
}

/** Equal up to the order of float32 additions. */
function close(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  return (
    one.length === other.length &&
    Array.from(one).every((value, i) => Math.abs(value - other[i]!) <= 1e-5 * Math.max(1, Math.abs(value)))
  );
}
