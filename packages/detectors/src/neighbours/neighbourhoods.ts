import { type Context, float32, type NdArray, type Program } from '@kindred/core';

import type { Metric } from './metric.js';
import { search, type SearchState } from './search.js';

/** Rows that are searched for in one run: products with them stay in a processor's cache, and workers get even shares. */
const BATCH = 384;

export interface Sought {
  /** Rows `[N, D]`. */
  readonly x: NdArray<'float32'>;
  /** At least k points. */
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

/** The `k` nearest points to each training row, by the same program as new rows' neighbours: a row's own point is among them. */
export async function neighbourhoods(
  component: string,
  { x, among, metric, k }: Sought,
  ctx: Context,
): Promise<Neighbourhoods> {
  const rows = x.shape[0]!;
  const found = { places: new Int32Array(rows * k), distances: new Float32Array(rows * k) };
  const program: Program = {
    name: `${component}: neighbours of training images`,
    constants: among,
    run: ({ inputs, constants }) => ({ ...search(component, constants, inputs.x!, { metric, neighbours: k }) }),
  };
  const step = ctx.progress.start({ name: `${component}: neighbours`, total: rows, unit: 'images' });
  const executable = await ctx.engine.compile(program);
  try {
    await eachBatch(x, ctx.engine.concurrency, async (batch, start, count) => {
      const { places, distances } = await executable.run({ x: batch }, { signal: ctx.signal });
      found.places.set(places!.data.subarray(0, count * k), start * k);
      found.distances.set(distances!.data.subarray(0, count * k), start * k);
      step.advance(count);
    });
  } finally {
    step.end();
    await executable.dispose();
  }
  return found;
}

/** Batches of equal size, the last filled up with zeros, `concurrency` of them at once. */
async function eachBatch(
  { shape, data }: NdArray<'float32'>,
  concurrency: number,
  work: (batch: NdArray<'float32'>, start: number, count: number) => Promise<void>,
): Promise<void> {
  const [rows, columns] = shape as [number, number];
  const size = Math.ceil(rows / Math.ceil(rows / BATCH));
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < rows) {
      const start = next;
      next += size;
      const own = data.subarray(start * columns, (start + size) * columns);
      const batch = float32([size, columns], own.length === size * columns ? own : filledUp(own, size * columns));
      await work(batch, start, Math.min(size, rows - start));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

function filledUp(values: Float32Array, size: number): Float32Array {
  const filled = new Float32Array(size);
  filled.set(values);
  return filled;
}
