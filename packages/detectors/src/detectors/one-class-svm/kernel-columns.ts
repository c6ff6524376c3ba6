import { type Context, type Executable, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { inFlight, startsOf } from './in-flight.js';
import { type Kernel, kernelMatrix } from './kernel.js';
import { requireFinite } from './require-finite.js';
import { gathered } from './rows.js';

/** Values that one run computes at most: 2 MiB. */
const BLOCK = 2 ** 19;

/** Columns of the kernel matrix of one `x` `[N, D]`, which stays in the engine: a run copies the rows that the columns belong to. */
export class KernelColumns {
  private constructor(
    private readonly ctx: Pick<Context, 'engine' | 'signal'>,
    private readonly kernel: Kernel,
    private readonly x: NdArray<'float32'>,
    private readonly executable: Executable,
  ) {}

  /** @param centre `[D]`, subtracted from each row */
  static async open(
    ctx: Pick<Context, 'engine' | 'signal'>,
    kernel: Kernel,
    x: NdArray<'float32'>,
    centre?: NdArray,
  ): Promise<KernelColumns> {
    const executable = await ctx.engine.compile({
      name: 'one-class-svm kernel',
      constants: { x, ...(centre && { centre }) },
      run: ({ inputs, constants: { x: all, centre: by } }) => {
        const moved = (rows: tf.Tensor) => (by ? tf.sub(rows, by) : rows);
        return { values: kernelMatrix(kernel, moved(all!), moved(inputs['rows']!)) };
      },
    });
    return new KernelColumns(ctx, kernel, x, executable);
  }

  /**
   * Kernel values of all rows with those at `places`, `[N, places.length]`.
   * @throws KINDRED_SCORES_INVALID for values that are not finite
   */
  async of(places: Int32Array): Promise<Float32Array> {
    const size = this.x.shape[0]!;
    const count = places.length;
    const width = Math.ceil(count / Math.ceil((count * size) / BLOCK));
    let columns: Float32Array;
    if (width === count) {
      columns = await this.#run(gathered(this.x, places));
    } else {
      columns = new Float32Array(size * count);
      await inFlight(this.ctx.engine, startsOf(count, width), async (left) => {
        const part = await this.#run(gathered(this.x, places, left, width));
        const end = Math.min(width, count - left);
        for (let i = 0; i < size; i++) columns.set(part.subarray(i * width, i * width + end), i * count + left);
      });
    }
    // A gaussian of a row with itself is 1, whatever rounding made of it.
    if (this.kernel.kind === 'rbf') places.forEach((place, i) => (columns[place * count + i] = 1));
    return columns;
  }

  async #run(rows: NdArray): Promise<Float32Array> {
    const { values } = await this.executable.run({ rows }, { signal: this.ctx.signal });
    requireFinite(this.kernel, values!.data);
    return values!.data as Float32Array;
  }

  dispose(): Promise<void> {
    return this.executable.dispose();
  }
}
