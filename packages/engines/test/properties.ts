import * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '@kindred/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';

import { checkNumericCase, numbers, ties, wholes, type NumericCase } from '../src/testing/index.js';

type T4 = tf.Tensor4D;
type Test = Omit<NumericCase, 'name'>;

const size = fc.integer({ min: 1, max: 6 });
/** 0 now and then: an empty axis. */
const length = fc.oneof({ weight: 9, arbitrary: size }, { weight: 1, arbitrary: fc.constant(0) });
const shape = (min: number, max: number, axis = size) => fc.array(axis, { minLength: min, maxLength: max });

/** A shape and an axis of it, negative ones too. */
const withAxis = (min = 1, axis = size) =>
  shape(min, 4, axis).chain((lengths) =>
    fc.record({
      lengths: fc.constant(lengths),
      axis: fc.integer({ min: -lengths.length, max: lengths.length - 1 }),
    }),
  );

/** Two shapes that broadcast: axes of the full one are 1 or left out. */
const broadcasting = shape(0, 4, length).chain((full) => {
  const part = fc
    .record({ ones: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), from: fc.nat(full.length) })
    .map(({ ones, from }) => full.map((axis, i) => (ones[i] ? 1 : axis)).slice(from));
  return fc.tuple(part, part);
});

const window = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 3, max: 9 }),
  width: fc.integer({ min: 3, max: 9 }),
  channels: fc.integer({ min: 1, max: 3 }),
  filter: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pad: fc.constantFrom('valid', 'same'),
});

/** One family each: an arbitrary that makes cases. */
const FAMILIES: Readonly<Record<string, fc.Arbitrary<Test>>> = {
  arithmetic: fc
    .record({
      shapes: broadcasting,
      f: fc.constantFrom(tf.add, tf.sub, tf.mul, tf.maximum, tf.greater, tf.squaredDifference, tf.atan2),
    })
    .map(({ shapes: [a, b], f }) => ({ f, x: [ties(a, 1), ties(b, 2)], gradients: false })),
  'gradients of arithmetic': fc
    .record({ shapes: broadcasting, f: fc.constantFrom(tf.add, tf.sub, tf.mul, tf.div) })
    .filter(({ shapes }) => !shapes.flat().includes(0))
    .map(({ shapes: [a, b], f }) => ({ f, x: [numbers(a, 1), numbers(b, 2, 0.5, 2)], tolerance: 4e-6 })),
  reductions: fc
    .record({
      at: withAxis(),
      f: fc.constantFrom(tf.sum, tf.mean, tf.max, tf.min, tf.logSumExp),
      keep: fc.boolean(),
    })
    .map(({ at: { lengths, axis }, f, keep }) => ({
      f: (x: tf.Tensor) => f(x, axis, keep),
      x: [ties(lengths, 1, -3, 3)],
    })),
  'places of extremes': fc
    .record({ at: withAxis(), f: fc.constantFrom(tf.argMax, tf.argMin) })
    .map(({ at: { lengths, axis }, f }) => ({ f: (x: tf.Tensor) => f(x, axis), x: [wholes(lengths)] })),
  scans: fc
    .record({ at: withAxis(), f: fc.constantFrom(tf.cumsum, tf.cumprod), exclusive: fc.boolean(), back: fc.boolean() })
    .map(({ at: { lengths, axis }, f, exclusive, back }) => ({
      f: (x: tf.Tensor) => f(x, axis, exclusive, back),
      // tfjs' CPU backend cannot count these axes from the back.
      reference: (x: tf.Tensor) => f(x, axis < 0 ? axis + lengths.length : axis, exclusive, back),
      x: [numbers(lengths)],
      gradients: false,
    })),
  transposes: shape(1, 5, length)
    .chain((lengths) =>
      fc.record({
        lengths: fc.constant(lengths),
        perm: fc.shuffledSubarray(
          lengths.map((_, axis) => axis),
          { minLength: lengths.length },
        ),
      }),
    )
    .map(({ lengths, perm }) => ({
      f: (x: tf.Tensor) => tf.add(tf.transpose(x, perm), 1),
      x: [numbers(lengths)],
      gradients: !lengths.includes(0),
    })),
  slices: shape(1, 4)
    .chain((lengths) =>
      fc.record({
        lengths: fc.constant(lengths),
        parts: fc.tuple(...lengths.map((axis) => fc.tuple(fc.nat(axis - 1), fc.nat(axis)))),
      }),
    )
    .map(({ lengths, parts }) => ({
      f: (x: tf.Tensor) => {
        const begin = parts.map(([start]) => start);
        return tf.slice(
          x,
          begin,
          parts.map(([start, count], axis) => Math.min(count, (lengths[axis] ?? 0) - start)),
        );
      },
      x: [numbers(lengths)],
      gradients: false,
    })),
  pads: shape(1, 4)
    .chain((lengths) =>
      fc.record({
        lengths: fc.constant(lengths),
        around: fc.tuple(...lengths.map(() => fc.tuple(fc.nat(2), fc.nat(2)))),
      }),
    )
    .map(({ lengths, around }) => ({ f: (x: tf.Tensor) => tf.pad(x, around, 0.5), x: [numbers(lengths)] })),
  concatenations: fc.record({ at: withAxis(), more: size }).map(({ at: { lengths, axis }, more }) => {
    const at = axis < 0 ? axis + lengths.length : axis;
    const other = lengths.map((size, i) => (i === at ? more : size));
    return { f: (a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b], axis), x: [numbers(lengths, 1), numbers(other, 2)] };
  }),
  gathers: fc.record({ at: withAxis(), indices: shape(0, 2) }).map(({ at: { lengths, axis }, indices }) => {
    // tfjs-node's kernel cannot count axes from the back.
    const from = axis < 0 ? axis + lengths.length : axis;
    return {
      f: (x: tf.Tensor, i: tf.Tensor) => tf.gather(x, i, from),
      x: [numbers(lengths), wholes(indices, 2, 0, lengths[from])],
    };
  }),
  products: fc
    .record({
      batch: fc.array(size, { maxLength: 1 }),
      sizes: fc.tuple(size, size, size),
      a: fc.boolean(),
      b: fc.boolean(),
    })
    .map(({ batch, sizes: [rows, inner, columns], a, b }) => ({
      f: (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, a, b),
      x: [
        numbers([...batch, ...(a ? [inner, rows] : [rows, inner])], 1),
        numbers([...batch, ...(b ? [columns, inner] : [inner, columns])], 2),
      ],
    })),
  convolutions: fc
    .record({ window, filters: size })
    // Where the result has a single column, libtensorflow 2.21 steps down by the greater stride across if images have one channel.
    .filter(({ window: { channels, stride } }) => channels > 1 || stride[0] >= stride[1])
    .map(({ window: { batch, height, width, channels, filter, stride, pad }, filters }) => ({
      f: (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as T4, w as T4, stride, pad),
      x: [numbers([batch, height, width, channels], 1), numbers([...filter, channels, filters], 2)],
    })),
  'pools with ties': window.map(({ batch, height, width, channels, filter, stride, pad }) => ({
    f: (x: tf.Tensor) => tf.maxPool(x as T4, filter, stride, pad),
    x: [ties([batch, height, width, channels])],
  })),
  resizings: fc
    .record({
      height: size,
      width: size,
      to: fc.tuple(size, size),
      flags: fc.constantFrom([false, false], [true, false]),
    })
    .map(({ height, width, to, flags: [align, half] }) => ({
      f: (x: tf.Tensor) => [
        tf.image.resizeBilinear(x as T4, to, align, half),
        tf.image.resizeNearestNeighbor(x as T4, to, align, half),
      ],
      x: [numbers([1, height, width, 2])],
      // tfjs' CPU backend turns the shape of bilinear gradients, and never ends where one row is stretched to its corners.
      gradients: height === width && height > 1,
    })),
};

/** Random cases of each family. */
const RUNS = 12;

/** Registers a property for each family of kernels: the numbers of tfjs' CPU backend, whatever the shapes. */
export function describeProperties(engine: Engine): void {
  describe(`${engine.name}: any shapes`, () => {
    it.each(Object.entries(FAMILIES))('%s', (name, arbitrary) =>
      fc.assert(
        fc.asyncProperty(arbitrary, (test) => checkNumericCase(engine, { tolerance: 4e-6, ...test, name })),
        { numRuns: RUNS },
      ),
    );
  });
}
