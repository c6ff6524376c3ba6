import { type Context, type Executable, float32, KindredError, type NdArray, type NdArrays } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import { type Kernel, kernelMatrix, kernelSums } from './kernel.js';

/** Values of a kernel matrix that one run computes at most: 8 MiB. */
const BAND = 2 ** 21;
/** Rows whose sums are computed in one run. */
const SUM_ROWS = 2048;
/** Columns of one run of sums: a power of two between these, so that few shapes occur. */
const SUM_COLUMNS = { least: 256, most: 4096 };

type Services = Pick<Context, 'engine' | 'signal'>;

/**
 * Kernel values between rows of one feature matrix `[N, D]`, computed on an engine in parts of few different shapes. In memory at once,
 * beside what is returned, for each run under way: 8 MiB of results, and inputs of at most two times as many rows as a kernel matrix has, or
 * 2048 + 4096 for sums.
 */
export class KernelProducts {
  private constructor(
    private readonly ctx: Services,
    private readonly x: NdArray<'float32'>,
    private readonly kernel: Kernel,
    private readonly bands: Executable,
    private readonly bandSums: Executable,
  ) {}

  /** @param centre `[D]`, subtracted from each row: a gaussian kernel does not see it, but float32 products of rows far from 0 do */
  static async open(ctx: Services, x: NdArray<'float32'>, kernel: Kernel, centre?: NdArray): Promise<KernelProducts> {
    const constants: NdArrays = centre ? { centre } : {};
    const moved = (rows: Tensor, by: Tensor | undefined) => (by ? tf.sub(rows, by) : rows);
    const bands = await ctx.engine.compile({
      name: 'one-class-svm kernel',
      constants,
      run: ({ inputs: { a, b }, constants: { centre: by } }) => ({
        values: kernelMatrix(kernel, moved(a!, by), moved(b!, by)),
      }),
    });
    const bandSums = await ctx.engine.compile({
      name: 'one-class-svm sums',
      constants,
      run: ({ inputs: { a, b, weights }, constants: { centre: by } }) => ({
        sums: kernelSums(kernel, moved(a!, by), moved(b!, by), weights!),
      }),
    });
    return new KernelProducts(ctx, x, kernel, bands, bandSums);
  }

  get rows(): number {
    return this.x.shape[0]!;
  }

  /**
   * The kernel matrix `[M, M]` of `rows` (indices), row-major, symmetric up to rounding. Bands of rows rather than tiles of a triangle:
   * what that would save in products it costs in copies.
   * @throws KINDRED_SCORES_INVALID for values that are not finite
   */
  async matrix(rows: Int32Array): Promise<Float32Array> {
    const size = rows.length;
    const height = Math.min(Math.ceil(size / this.ctx.engine.concurrency), Math.ceil(BAND / size));
    const matrix = new Float32Array(size * size);
    const b = this.gather(rows);
    await this.#inFlight(startsOf(size, height), async (top) => {
      const inputs = { a: this.gather(rows, top, height), b };
      const { values } = await this.bands.run(inputs, { signal: this.ctx.signal });
      const count = Math.min(height, size - top) * size;
      this.#requireFinite(values!.data);
      matrix.set(values!.data.subarray(0, count), top * size);
    });
    // A gaussian of a row with itself is 1, whatever rounding made of it.
    if (this.kernel.kind === 'rbf') for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
    return matrix;
  }

  /**
   * `sum_j weights[j] K(x_i, x_j)` for `i` in `rows` and `j` in `columns` (indices).
   * @throws KINDRED_SCORES_INVALID for values that are not finite
   */
  async sums(rows: Int32Array, columns: Int32Array, weights: Float64Array): Promise<Float64Array> {
    const result = new Float64Array(rows.length);
    const height = Math.min(SUM_ROWS, rows.length);
    const width = widthFor(columns.length);
    for (const left of startsOf(columns.length, width)) {
      const b = this.gather(columns, left, width);
      const part = float32([width]);
      part.data.set(weights.subarray(left, left + width));
      await this.#inFlight(startsOf(rows.length, height), async (top) => {
        const inputs = { a: this.gather(rows, top, height), b, weights: part };
        const { sums } = await this.bandSums.run(inputs, { signal: this.ctx.signal });
        this.#requireFinite(sums!.data);
        for (let i = 0; i < height && top + i < rows.length; i++) result[top + i]! += sums!.data[i]!;
      });
    }
    return result;
  }

  /** `count` rows from place `start` of `rows` on, `[count, D]`; those past the end are zero. */
  gather(rows: Int32Array, start = 0, count = rows.length): NdArray<'float32'> {
    const { data, shape } = this.x;
    const columns = shape[1]!;
    const gathered = float32([count, columns]);
    const end = Math.min(rows.length, start + count);
    for (let place = start; place < end; place++) {
      const from = rows[place]! * columns;
      gathered.data.set(data.subarray(from, from + columns), (place - start) * columns);
    }
    return gathered;
  }

  async dispose(): Promise<void> {
    await this.bands.dispose();
    await this.bandSums.dispose();
  }

  /** Works on all `items`, on one more than the engine computes at a time, so that workers need not wait for copies. */
  async #inFlight<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    const queue = items.values();
    const line = async () => {
      for (const item of queue) await work(item);
    };
    await Promise.all(Array.from({ length: this.ctx.engine.concurrency + 1 }, line));
  }

  #requireFinite(values: ArrayLike<number>): void {
    let check = 0;
    // 0 times infinity or NaN is NaN.
    for (let i = 0; i < values.length; i++) check += 0 * values[i]!;
    if (check === 0) return;
    const { kind, gamma, degree, coef0 } = this.kernel;
    throw new KindredError('KINDRED_SCORES_INVALID', {
      message: `Kernel values of one-class-svm must be finite numbers. Got others from the ${kind} kernel with gamma ${gamma}, degree ${degree} and coef0 ${coef0}.`,
      hint: 'Scale the features (the transform standard-scaler or l2-normalize), or lower gamma or the degree: float32 ends at 3e38.',
    });
  }
}

const startsOf = (size: number, step: number): number[] =>
  Array.from({ length: Math.ceil(size / step) }, (_, i) => i * step);

function widthFor(columns: number): number {
  let width = SUM_COLUMNS.least;
  while (width < columns && width < SUM_COLUMNS.most) width *= 2;
  return width;
}
