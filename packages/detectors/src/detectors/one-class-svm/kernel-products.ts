import { type Context, type Executable, float32, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import { inFlight, startsOf } from './in-flight.js';
import { type Kernel, kernelSums } from './kernel.js';
import { KernelColumns } from './kernel-columns.js';
import { requireFinite } from './require-finite.js';
import { gathered } from './rows.js';
import type { Spread } from './spread.js';

/** Rows whose sums are computed in one run. */
const SUM_ROWS = 2048;
/** Columns of one run of sums: a power of two between these, so that few shapes occur. */
const SUM_COLUMNS = { least: 256, most: 4096 };

type Services = Pick<Context, 'engine' | 'signal'>;

/** Kernel values between rows of one feature matrix `[N, D]`, computed on an engine in parts of few different shapes. */
export class KernelProducts {
  private constructor(
    private readonly ctx: Services,
    private readonly x: NdArray<'float32'>,
    private readonly kernel: Kernel,
    private readonly bandSums: Executable,
    /** Of gaussian kernels. */
    readonly spread: Spread | undefined,
  ) {}

  /**
   * @param spread of `x`. Gaussian kernels are computed from the rows less their centre: they do not see it, but float32 products of
   *   rows far from 0 do
   */
  static async open(ctx: Services, x: NdArray<'float32'>, kernel: Kernel, spread: Spread): Promise<KernelProducts> {
    const gaussian = kernel.kind === 'rbf' ? spread : undefined;
    const moved = (rows: Tensor, centre: Tensor | undefined) => (centre ? tf.sub(rows, centre) : rows);
    const bandSums = await ctx.engine.compile({
      name: 'one-class-svm sums',
      ...(gaussian && { constants: { centre: gaussian.centre } }),
      run: ({ inputs: { a, b, weights }, constants: { centre } }) => ({
        sums: kernelSums(kernel, moved(a!, centre), moved(b!, centre), weights!),
      }),
    });
    return new KernelProducts(ctx, x, kernel, bandSums, gaussian);
  }

  get rows(): number {
    return this.x.shape[0]!;
  }

  /** Columns of the kernel matrix of `rows` (indices, ascending), to be disposed of. */
  columns(rows: Int32Array): Promise<KernelColumns> {
    const { ctx, kernel, x, spread } = this;
    const all = rows.length === this.rows;
    return KernelColumns.open(ctx, kernel, all ? x : gathered(x, rows), spread?.centre);
  }

  /**
   * The kernel matrix `[M, M]` of `rows` (indices, ascending), row-major, symmetric up to rounding.
   * @throws KINDRED_SCORES_INVALID for values that are not finite
   */
  async matrix(rows: Int32Array): Promise<Float32Array> {
    const columns = await this.columns(rows);
    try {
      return await columns.of(rows.map((_, place) => place));
    } finally {
      await columns.dispose();
    }
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
      const b = gathered(this.x, columns, left, width);
      const part = float32([width]);
      part.data.set(weights.subarray(left, left + width));
      await inFlight(this.ctx.engine, startsOf(rows.length, height), async (top) => {
        const inputs = { a: gathered(this.x, rows, top, height), b, weights: part };
        const { sums } = await this.bandSums.run(inputs, { signal: this.ctx.signal });
        requireFinite(this.kernel, sums!.data);
        for (let i = 0; i < height && top + i < rows.length; i++) result[top + i]! += sums!.data[i]!;
      });
    }
    return result;
  }

  dispose(): Promise<void> {
    return this.bandSums.dispose();
  }
}

function widthFor(columns: number): number {
  let width = SUM_COLUMNS.least;
  while (width < columns && width < SUM_COLUMNS.most) width *= 2;
  return width;
}
