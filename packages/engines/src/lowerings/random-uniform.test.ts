import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import { createOnnxEngine } from '../engine.js';

const engine = createOnnxEngine({ workers: 1 });
afterAll(() => engine.dispose());

/** The definition, in arbitrary precision: the lower 16 bits of hashes of (i, seed, stream), then the upper ones of the same. */
function expected(size: number, seed: number, stream: number): number[] {
  const wrap = (x: bigint) => x & 0xffffffffn;
  const mix32 = (bits: bigint) => {
    let x = wrap(bits);
    x = wrap((x ^ (x >> 16n)) * 0x7feb352dn);
    x = wrap((x ^ (x >> 15n)) * 0x846ca68bn);
    return x ^ (x >> 16n);
  };
  const key = mix32(BigInt(seed) + BigInt(stream) * 0x9e3779b9n);
  const [rows, columns] = counters(size);
  const hashes = Array.from({ length: rows * columns }, (_, i) => mix32(BigInt(i) * 0x9e3779b1n + key));
  const halves = [...hashes.map((hash) => hash & 0xffffn), ...hashes.map((hash) => hash >> 16n)];
  return halves.slice(0, size).map((half) => Number(half) * 2 ** -16);
}

/** The shape of the table of counters: about square. */
function counters(size: number): [number, number] {
  const columns = Math.max(1, Math.ceil(Math.sqrt(size / 2)));
  return [Math.ceil(size / 2 / columns), columns];
}

async function drawn(shape: number[], seed: number, stream: number): Promise<number[]> {
  const size = shape.reduce((product, length) => product * length, 1);
  const executable = await engine.compile({
    name: 'random',
    run: ({ inputs }) => ({
      u: tf
        .engine()
        .runKernel(
          'KindredRandomUniform',
          { seed: inputs.seed as tf.Tensor },
          { shape, stream, counters: counters(size) },
        ),
    }),
  });
  const { u } = await executable.run({ seed: { dtype: 'int32', shape: [], data: Int32Array.of(seed) } });
  await executable.dispose();
  expect(u?.shape).toEqual(shape);
  return [...(u?.data ?? [])];
}

describe('KindredRandomUniform', () => {
  it('gives the very numbers of its definition', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom<number[][]>([7], [5, 9], [2, 3, 4], [1], [], [300, 70]),
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        async (shape, seed, stream) => {
          const size = shape.reduce((product, length) => product * length, 1);
          expect(await drawn(shape, seed, stream)).toEqual(expected(size, seed, stream));
        },
      ),
      { numRuns: 30 },
    ));

  it('is uniform: mean 1/2, variance 1/12', async () => {
    const values = await drawn([200, 500], 7, 1);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // Standard errors at 100 000 draws are .0009 and .0002: five of them.
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.005);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.001);
  });
});
