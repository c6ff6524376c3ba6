import { type Context, float32, type NdArray, type NdArrays, type Program } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

type Matrix = NdArray<'float32'>;
type ProductContext = Pick<Context, 'engine' | 'signal'>;

/** Rows of a chunk at most: float32 sums stay exact to about 1e-7, and an abort is heard soon. */
const ROWS = 2048;
/** Multiplications below which a product is not worth dividing. */
const SMALL = 2e7;

/** `x^T x` `[D, D]` of `x` `[N, D]`, summed over chunks of rows in float64. */
export async function gram(x: Matrix, ctx: ProductContext): Promise<Float64Array> {
  const [rows = 0, columns = 0] = x.shape;
  const sum = new Float64Array(columns * columns);
  await overRows(
    'gram',
    [x],
    rows * columns * columns,
    ({ a }) => tf.matMul(a, a, true, false),
    ctx,
    (part) => {
      for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
    },
  );
  return sum;
}

/** `a^T b` `[D, E]` of `a` `[N, D]` and `b` `[N, E]`, summed over chunks of rows in float64. */
export async function crossProduct(a: Matrix, b: Matrix, ctx: ProductContext): Promise<Float64Array> {
  const [rows = 0, columns = 0] = a.shape;
  const [, others = 0] = b.shape;
  const sum = new Float64Array(columns * others);
  const run = ({ a, b }: Inputs): Tensor => tf.matMul(a, b!, true, false);
  await overRows('cross-product', [a, b], rows * columns * others, run, ctx, (part) => {
    for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
  });
  return sum;
}

/** `x x^T` `[N, N]` of `x` `[N, D]`. */
export async function rowGram(x: Matrix, ctx: ProductContext): Promise<Float64Array> {
  const { data } = await multiplyTransposed(x, x, ctx);
  return new Float64Array(data);
}

/** `a b^T` `[N, M]` of `a` `[N, D]` and `b` `[M, D]`, in chunks of rows of `a`. */
export async function multiplyTransposed(a: Matrix, b: Matrix, ctx: ProductContext): Promise<Matrix> {
  const [rows = 0, inner = 0] = a.shape;
  const [others = 0] = b.shape;
  const result = float32([rows, others]);
  const run = ({ a, whole }: Inputs): Tensor => tf.matMul(a, whole!, false, true);
  await overRows(
    'product',
    [a],
    rows * inner * others,
    run,
    ctx,
    (part, from) => {
      result.data.set(part.subarray(0, result.data.length - from * others), from * others);
    },
    b,
  );
  return result;
}

interface Inputs {
  /** Chunks of the same rows of the matrices that are divided. */
  readonly a: Tensor2D;
  readonly b?: Tensor2D;
  /** A matrix that every run gets whole. */
  readonly whole?: Tensor2D;
}

/**
 * Compiles `run` and gives its result for each chunk of rows to `take`, with the row that the chunk begins at, in order. Chunks are
 * as large as each other, rows of zeros filling the last one, so that one shape is compiled.
 */
async function overRows(
  name: string,
  matrices: readonly [Matrix, Matrix?],
  multiplications: number,
  run: (inputs: Inputs) => Tensor,
  ctx: ProductContext,
  take: (part: Float32Array, from: number) => void,
  whole?: Matrix,
): Promise<void> {
  const rows = matrices[0].shape[0]!;
  // An even number: two workers are then done at the same time.
  const chunks = multiplications < SMALL && rows <= ROWS ? 1 : 2 * Math.ceil(rows / (2 * ROWS));
  const size = Math.ceil(rows / chunks);
  // Every call passes inputs of these names; a program's type knows of none.
  const program: Program = { name, run: ({ inputs }) => ({ product: run(inputs as unknown as Inputs) }) };
  const executable = await ctx.engine.compile(program);
  const running: Promise<NdArrays>[] = [];
  try {
    const start = (from: number): void => {
      const [a, b] = matrices;
      const inputs = { a: chunk(a, from, size), ...(b && { b: chunk(b, from, size) }), ...(whole && { whole }) };
      const result = executable.run(inputs, { signal: ctx.signal });
      // Whoever awaits it hears of a failure; one that comes after another must not end the process.
      result.catch(() => undefined);
      running.push(result);
    };
    let next = 0;
    for (let from = 0; from < rows; from += size) {
      for (; next < rows && running.length < ctx.engine.concurrency + 1; next += size) start(next);
      const { product } = (await running.shift())!;
      take(product!.data as Float32Array, from);
    }
  } finally {
    await Promise.allSettled(running);
    await executable.dispose();
  }
}

function chunk({ shape, data }: Matrix, from: number, size: number): Matrix {
  const [rows = 0, columns = 0] = shape;
  const part = data.subarray(from * columns, Math.min(rows, from + size) * columns);
  if (part.length === size * columns) return float32([size, columns], part);
  const padded = new Float32Array(size * columns);
  padded.set(part);
  return float32([size, columns], padded);
}
