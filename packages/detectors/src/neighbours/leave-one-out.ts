import { type Context, float32, type NdArray, type Program } from '@kindred/core';

import type { Metric } from './metric.js';
import { search, type SearchState } from './search.js';

/** Rows that are searched for in one run: products with them stay in a processor's cache, and workers get even shares. */
const BATCH = 256;

interface LeaveOneOut {
  /** Training rows `[N, D]`. */
  readonly x: NdArray<'float32'>;
  /** More than k points. */
  readonly among: SearchState;
  readonly metric: Metric;
  /** For each training row the number of its own point, which is none of its neighbours, or -1. */
  readonly own: Int32Array;
  readonly k: number;
}

export interface Neighbourhoods {
  /** `[N * k]`, row by row: numbers of points. */
  readonly places: Int32Array;
  /** `[N * k]`: distances to them in the metric, roughly the nearest first. */
  readonly distances: Float32Array;
}

/** The `k` nearest points to each training row other than its own, by the same program as new rows' neighbours. */
export async function leaveOneOut(
  component: string,
  { x, among, metric, own, k }: LeaveOneOut,
  ctx: Context,
): Promise<Neighbourhoods> {
  const rows = x.shape[0]!;
  const found = { places: new Int32Array(rows * k), distances: new Float32Array(rows * k) };
  const program: Program = {
    name: `${component}: neighbours of training images`,
    constants: among,
    run: ({ inputs, constants }) => ({ ...search(component, constants, inputs.x!, { metric, neighbours: k + 1 }) }),
  };
  const step = ctx.progress.start({ name: `${component}: neighbours`, total: rows, unit: 'images' });
  const executable = await ctx.engine.compile(program);
  try {
    await eachBatch(x, ctx.engine.concurrency, async (batch, start, count) => {
      const near = await executable.run({ x: batch }, { signal: ctx.signal });
      keepOthers(near as unknown as Near, own.subarray(start, start + count), k, {
        places: found.places.subarray(start * k, (start + count) * k),
        distances: found.distances.subarray(start * k, (start + count) * k),
      });
      step.advance(count);
    });
  } finally {
    step.end();
    await executable.dispose();
  }
  return found;
}

interface Near {
  readonly places: NdArray<'int32'>;
  readonly distances: NdArray<'float32'>;
}

/** Of k + 1 neighbours leaves out the row itself, or the last where the row is not among them: more than k copies of it are. */
function keepOthers({ places, distances }: Near, own: Int32Array, k: number, to: Neighbourhoods): void {
  own.forEach((self, row) => {
    const from = row * (k + 1);
    const at = places.data.subarray(from, from + k + 1).indexOf(self);
    const left = from + (at < 0 ? k : at);
    for (let j = 0; j < k; j++) {
      const source = from + j < left ? from + j : from + j + 1;
      to.places[row * k + j] = places.data[source]!;
      to.distances[row * k + j] = distances.data[source]!;
    }
  });
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
      const batch = float32([size, columns]);
      batch.data.set(data.subarray(start * columns, (start + size) * columns));
      await work(batch, start, Math.min(size, rows - start));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}
