import { float32, type Context, type NamedTensors, type NdArray, type NdArrays } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Smaller blocks gain less by running side by side than a run costs. */
const FEWEST_ROWS = 256;
/** The same for programs that do little with each value. */
const FEWEST_VALUES = 2 ** 20;

/** The fewest rows of a block that are worth a run where a program takes little more than products with a few vectors. */
export const fewestRowsOfProducts = (columns: number): number => Math.ceil(FEWEST_VALUES / columns);

/** The rows `from` up to `to` of a matrix. */
export interface RowBlock {
  readonly from: number;
  readonly to: number;
}

/** A program over the rows of one matrix, which stays in the engine: a run copies its inputs and outputs alone. */
export interface RowProgram {
  /** Runs on every block of rows, with what `inputsOf` gives for it; the outputs in the order of the rows. */
  run(inputsOf: (block: RowBlock) => NdArrays): Promise<readonly NdArrays[]>;
  dispose(): Promise<void>;
}

/**
 * Compiles `run` over the rows of `x` `[N, D]`, divided into as many blocks as the engine runs at once, none of fewer than `fewestRows`.
 * What `run` returns is a block's own: join its rows (`joinBlocks`), or add up its sums (`sumBlocks`).
 */
export async function compileOverRows(
  { engine, signal }: Pick<Context, 'engine' | 'signal'>,
  name: string,
  x: NdArray<'float32'>,
  run: (x: Tensor, inputs: NamedTensors) => NamedTensors,
  fewestRows = FEWEST_ROWS,
): Promise<RowProgram> {
  const [rows = 0, columns = 0] = x.shape;
  const blocks = divide(rows, engine.concurrency, fewestRows);
  const executables = await Promise.all(
    blocks.map(({ from, to }) =>
      engine.compile({
        name,
        constants: { x: float32([to - from, columns], x.data.subarray(from * columns, to * columns)) },
        run: ({ inputs, constants }) => run(constants.x!, inputs),
      }),
    ),
  );
  return {
    run: (inputsOf) =>
      Promise.all(executables.map((executable, i) => executable.run(inputsOf(blocks[i]!), { signal }))),
    dispose: async () => void (await Promise.all(executables.map((executable) => executable.dispose()))),
  };
}

function divide(rows: number, most: number, fewestRows: number): RowBlock[] {
  const count = Math.max(1, Math.min(most, Math.floor(rows / fewestRows)));
  return Array.from({ length: count }, (_, i) => ({
    from: Math.floor((i * rows) / count),
    to: Math.floor(((i + 1) * rows) / count),
  }));
}

/** The rows of all blocks of the float32 output `name`, one after another. */
export function joinBlocks(blocks: readonly NdArrays[], name: string): Float32Array {
  const parts = blocks.map((outputs) => outputs[name]!.data as Float32Array);
  if (parts.length === 1) return parts[0]!;
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The sum over all blocks of the float32 output `name`, in float64. */
export function sumBlocks(blocks: readonly NdArrays[], name: string): Float64Array {
  const [first, ...others] = blocks.map((outputs) => outputs[name]!.data as Float32Array);
  const sum = Float64Array.from(first!);
  for (const other of others) for (let i = 0; i < sum.length; i++) sum[i]! += other[i]!;
  return sum;
}
