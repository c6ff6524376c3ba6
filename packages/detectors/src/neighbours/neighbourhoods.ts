import { type Context, float32, type NdArray, type NdArrays, type Program } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import type { Metric } from './metric.js';
import { search, searchPoints, type SearchState } from './search.js';

/** Rows that are searched for in one run: products with them stay in a processor's cache, and workers get even shares. */
const BATCH = 384;

export interface Sought {
  /** All training rows `[N, D]`. */
  readonly x: NdArray<'float32'>;
  /** Their points, or at least k of them. */
  readonly among: SearchState;
  readonly metric: Metric;
  readonly k: number;
}

export interface Neighbourhoods {
  /** `[N * k]`, row by row: numbers of points. */
  readonly places: Int32Array;
  /** `[N * k]`: distances to them in the metric, roughly the nearest first. */
  readonly distances: Float32Array;
}

/** The `k` nearest points to each training row, as they are found for new rows: a row's own point is among them. */
export async function neighbourhoods(
  component: string,
  { x, among, metric, k }: Sought,
  ctx: Context,
): Promise<Neighbourhoods> {
  const rows = x.shape[0]!;
  // The points of new rows are then those of training rows, which the program has: a batch goes by its rows' numbers.
  const areKnown = metric === 'euclidean' && among.points.shape[0] === rows;
  const found = { places: new Int32Array(rows * k), distances: new Float32Array(rows * k) };
  const program: Program = {
    name: `${component}: neighbours of training images`,
    constants: among,
    run: ({ inputs, constants }) => ({
      ...(areKnown
        ? searchPoints(component, constants, tf.gather(constants.points!, inputs.numbers!), { metric, neighbours: k })
        : search(component, constants, inputs.x!, { metric, neighbours: k })),
    }),
  };
  const size = Math.ceil(rows / Math.ceil(rows / BATCH));
  const inputsOf = (start: number): NdArrays =>
    areKnown ? { numbers: numbersFrom(start, size, rows) } : { x: rowsFrom(x, start, size) };
  const step = ctx.progress.start({ name: `${component}: neighbours`, total: rows, unit: 'images' });
  const executable = await ctx.engine.compile(program);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < rows) {
      const start = next;
      next += size;
      const count = Math.min(size, rows - start);
      const { places, distances } = await executable.run(inputsOf(start), { signal: ctx.signal });
      found.places.set(places!.data.subarray(0, count * k), start * k);
      found.distances.set(distances!.data.subarray(0, count * k), start * k);
      step.advance(count);
    }
  };
  try {
    await Promise.all(Array.from({ length: ctx.engine.concurrency }, lane));
  } finally {
    step.end();
    await executable.dispose();
  }
  return found;
}

/** A batch of numbers, filled up with the last one. */
const numbersFrom = (start: number, size: number, rows: number): NdArray<'int32'> => ({
  dtype: 'int32',
  shape: [size],
  data: Int32Array.from({ length: size }, (_, i) => Math.min(start + i, rows - 1)),
});

/** A batch of rows, filled up with zeros. */
function rowsFrom({ shape, data }: NdArray<'float32'>, start: number, size: number): NdArray<'float32'> {
  const columns = shape[1]!;
  const own = data.subarray(start * columns, (start + size) * columns);
  if (own.length === size * columns) return float32([size, columns], own);
  const filled = float32([size, columns]);
  filled.data.set(own);
  return filled;
}
