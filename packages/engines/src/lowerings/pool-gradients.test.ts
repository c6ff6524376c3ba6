import { prepareTfGradients, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { computed, inputOf } from '../../test/run-graph.js';
import { numbers, ties, difference } from '../testing/index.js';
import { recordProgram } from '../trace/record-program.js';
import { Emitter } from '../trace/emitter.js';

import { avgPoolGradient } from './avg-pool-gradient.js';
import { poolGeometry } from './conv-geometry.js';
import { maxPoolGradient } from './max-pool-gradient.js';

beforeAll(async () => {
  await prepareTfGradients();
  await tf.setBackend('cpu');
});

type T4 = tf.Tensor4D;
type Pair = [number, number];
interface PoolShape {
  readonly x: [number, number, number, number];
  readonly filterSize: Pair;
  readonly strides: Pair;
  readonly pad: 'same' | 'valid';
}

const pair = (max: number): fc.Arbitrary<Pair> => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }));

/** Windows that overlap, lie side by side or leave gaps, on sizes that they do not divide. */
const poolShapes: fc.Arbitrary<PoolShape> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    size: pair(9),
    channels: fc.integer({ min: 1, max: 4 }),
    filterSize: pair(3),
    strides: fc.option(pair(3), { nil: undefined }),
    pad: fc.constantFrom('same' as const, 'valid' as const),
  })
  .map(({ batch, size, channels, filterSize, strides = filterSize, pad }) => ({
    x: [batch, ...size, channels] as PoolShape['x'],
    filterSize,
    strides,
    pad,
  }))
  .filter(({ x, filterSize, pad }) => pad === 'same' || (filterSize[0] <= x[1] && filterSize[1] <= x[2]));

const toArray = (tensor: tf.Tensor): NdArray<'float32'> => ({
  dtype: 'float32',
  shape: tensor.shape,
  data: tensor.dataSync() as Float32Array,
});

/** What `f` returns; all of its tensors are disposed of. */
function tidied<T>(f: () => T): T {
  const results: T[] = [];
  tf.tidy(() => void results.push(f()));
  return results[0] as T;
}

const maxPooled = ({ filterSize, strides, pad }: PoolShape, x: tf.Tensor) =>
  tf.maxPool(x as T4, filterSize, strides, pad);

/** The gradient of `sum(dy * maxPool(x))` by the engine and by tfjs. */
async function bothMaxPoolGradients(shape: PoolShape, x: NdArray<'float32'>) {
  const geometry = poolGeometry(shape.x, shape);
  const dy = numbers(geometry.outShape, 3);
  const expected = tidied(() => {
    const weighted = (image: tf.Tensor) => tf.sum(tf.mul(maxPooled(shape, image), tf.tensor(dy.data, [...dy.shape])));
    const image = tf.tensor(x.data, [...x.shape]);
    return { dx: toArray(tf.grad(weighted)(image)), pooled: toArray(maxPooled(shape, image)) };
  });
  const emit = new Emitter();
  const inputs = { x, dy, pooled: expected.pooled };
  const gradient = maxPoolGradient(
    emit,
    inputOf(emit, 'dy', dy),
    inputOf(emit, 'x', x),
    inputOf(emit, 'pooled', expected.pooled),
    geometry,
  );
  return { actual: await computed(emit, gradient, inputs), expected: expected.dx };
}

describe('maxPoolGradient', () => {
  it('gives each gradient to the first greatest element, as tfjs does: windows full of ties', () =>
    fc.assert(
      fc.asyncProperty(poolShapes, fc.integer({ min: 1, max: 99 }), async (shape, seed) => {
        const { actual, expected } = await bothMaxPoolGradients(shape, ties(shape.x, seed, 0, 3));
        // Sums over up to 9 windows.
        expect(difference(actual, expected, 1e-6)).toBe('');
      }),
      { numRuns: 60 },
    ));

  it.each([
    { name: 'in windows inside of the image', pad: 'valid' },
    { name: 'in windows that reach over the edge', pad: 'same' },
  ] as const)('keeps gradients of NaN and -Infinity in the array, $name', async ({ pad }) => {
    for (const filterSize of [
      [2, 2],
      [3, 3],
    ] as const) {
      const shape: PoolShape = { x: [1, 5, 5, 2], filterSize: [...filterSize], strides: [...filterSize], pad };
      for (const value of [NaN, -Infinity]) {
        const x = numbers(shape.x);
        x.data.fill(value);
        const { actual, expected } = await bothMaxPoolGradients(shape, x);
        expect(actual.shape).toEqual(expected.shape);
        expect(actual.data.every(Number.isFinite)).toBe(true);
      }
    }
  });
});

describe('avgPoolGradient', () => {
  it('is the derivative of the forward pass, for windows of any kind', () =>
    fc.assert(
      fc.asyncProperty(poolShapes, async (shape) => {
        const geometry = poolGeometry(shape.x, shape);
        const [x, dy] = [numbers(shape.x, 1), numbers(geometry.outShape, 3)];
        const emit = new Emitter();
        const gradient = avgPoolGradient(emit, inputOf(emit, 'dy', dy), inputOf(emit, 'x', x), geometry);
        const actual = await computed(emit, gradient, { dy });
        // The pooling is linear: for any direction d, sum(dx * d) = sum(dy * pool(d)). tfjs' own gradient is another one at edges.
        const direction = numbers(shape.x, 7);
        const pooled = tidied(() => {
          const image = tf.tensor4d(direction.data, shape.x);
          return toArray(tf.avgPool(image, shape.filterSize, shape.strides, shape.pad));
        });
        const product = (a: NdArray<'float32'>, b: NdArray<'float32'>) =>
          Array.from(a.data).reduce((sum, value, i) => sum + value * Number(b.data[i]), 0);
        // Some hundred products of at most 4, in single precision.
        expect(product(actual, direction)).toBeCloseTo(product(dy, pooled), 3);
      }),
      { numRuns: 60 },
    ));
});

describe('the gradient of a pooled ReLU', () => {
  /** Of `f(relu(conv(x)))`. */
  const gradientOf = (f: (active: T4) => tf.Tensor) => {
    const loss = (x: tf.Tensor) => tf.sum(f(tf.relu(tf.conv2d(x as T4, tf.ones([1, 1, 4, 4]), 1, 'same'))));
    return recordProgram(
      { name: 'test', run: ({ inputs }) => ({ dx: tf.grad(loss)(inputs.x as tf.Tensor) }) },
      { x: { dtype: 'float32', shape: [1, 16, 16, 4] } },
    ).graph;
  };
  const sizes = (graph: ReturnType<typeof gradientOf>, op: string) =>
    graph.nodes.filter((node) => node.op === op).map(({ outputs }) => outputs[0]?.shape.join('x'));

  it('is masked at the size of what was pooled', () => {
    const graph = gradientOf((active) => tf.maxPool(active, 2, 2, 'valid'));
    expect(sizes(graph, 'Greater')).toEqual(['1x4x8x8']);
  });

  it('is masked whole where the ReLU is used beside the pool', () => {
    const graph = gradientOf((active) => tf.add(tf.sum(tf.maxPool(active, 2, 2, 'valid')), tf.sum(tf.square(active))));
    expect(sizes(graph, 'Greater')).toEqual(['1x4x16x16']);
  });
});
