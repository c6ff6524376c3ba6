import { type Context, type Executable, float32, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { squaredLengths } from '../../neighbours/squared-lengths.js';

/** Rows whose products with all others are computed together, before it is known which of them will be chosen. */
const CANDIDATES = 64;

/** Squared distances below this share of the squared lengths are rounding errors of float32 products: the row is as good as a chosen one. */
const ROUNDING = 1e-6;

/**
 * Chooses up to `size` rows of `points` `[N, E]` such that the largest distance of a row to the nearest chosen one is at most twice the
 * smallest possible: each next one is the row farthest from those chosen so far (T. F. Gonzalez, 1985; the greedy k-centre of
 * Sener and Savarese, 2018, and of PatchCore, Roth et al., 2022). The first is the row nearest to the origin. It ends early
 * once no row is left that differs from all chosen ones.
 *
 * Distances only shrink as rows are chosen, so the next farthest ones are among the farthest of now: one matrix product prepares
 * many candidates, and choosing goes on until the farthest row is none of them. The choice is that of one row at a time.
 * @returns numbers of rows, in the order in which they were chosen
 */
export async function greedyCoreset(points: NdArray<'float32'>, size: number, ctx: Context): Promise<Int32Array> {
  const rows = points.shape[0]!;
  const lengths = squaredLengths(points);
  const distances = new Float64Array(rows).fill(Infinity);
  const chosen: number[] = [];
  let next = argMin(lengths);
  const step = ctx.progress.start({ name: 'nearest-neighbours: coreset', total: size, unit: 'images' });
  const executable = await ctx.engine.compile({
    name: 'nearest-neighbours: coreset',
    constants: { points },
    run: ({ inputs, constants }) => ({
      products: tf.matMul(inputs.candidates as tf.Tensor2D, constants.points as tf.Tensor2D, false, true),
    }),
  });
  try {
    while (chosen.length < size && distances[next]! > 0) {
      const candidates = farthest(distances, next, Math.min(CANDIDATES, rows));
      const products = await productsOf(executable, points, candidates, ctx);
      const before = chosen.length;
      for (let at = candidates.indexOf(next); at >= 0 && chosen.length < size && distances[next]! > 0;) {
        chosen.push(next);
        next = shrink(distances, lengths, next, products[at]!);
        at = candidates.indexOf(next);
      }
      step.advance(chosen.length - before);
    }
  } finally {
    step.end();
    await executable.dispose();
  }
  return Int32Array.from(chosen);
}

/** Makes row `centre` a chosen one, given its products with all rows, and gives the row that is now the farthest. */
function shrink(distances: Float64Array, lengths: Float64Array, centre: number, products: Float32Array): number {
  const length = lengths[centre]!;
  let [row, largest] = [0, -1];
  for (let i = 0; i < distances.length; i++) {
    const sum = lengths[i]! + length;
    const squared = sum - 2 * products[i]!;
    if (squared < distances[i]!) distances[i] = squared < ROUNDING * sum ? 0 : squared;
    if (distances[i]! > largest) [row, largest] = [i, distances[i]!];
  }
  return row;
}

/** `count` rows of the largest distances, `next` the first of them. */
function farthest(distances: Float64Array, next: number, count: number): number[] {
  const limit = distances.slice().sort()[distances.length - count]!;
  const candidates = [next];
  for (let row = 0; row < distances.length && candidates.length < count; row++) {
    if (distances[row]! >= limit && row !== next) candidates.push(row);
  }
  return candidates;
}

/** The products of each candidate with all rows, divided among the engine's workers. */
async function productsOf(
  executable: Executable,
  points: NdArray<'float32'>,
  candidates: readonly number[],
  ctx: Context,
): Promise<Float32Array[]> {
  const [rows, columns] = points.shape as [number, number];
  const share = Math.ceil(candidates.length / ctx.engine.concurrency);
  const starts = Array.from({ length: Math.ceil(candidates.length / share) }, (_, i) => i * share);
  const found = await Promise.all(
    starts.map(async (start) => {
      const batch = float32([share, columns]);
      candidates.slice(start, start + share).forEach((row, i) => {
        batch.data.set(points.data.subarray(row * columns, (row + 1) * columns), i * columns);
      });
      const { products } = await executable.run({ candidates: batch }, { signal: ctx.signal });
      return Array.from({ length: share }, (_, i) => products!.data.subarray(i * rows, (i + 1) * rows) as Float32Array);
    }),
  );
  return found.flat();
}

function argMin(values: Float64Array): number {
  let least = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! < values[least]!) least = i;
  return least;
}
