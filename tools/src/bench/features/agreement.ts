import type { NdArray } from '@kindred/core';

/** How far two extractions of the same images agree: cosines of their features, row by row. */
export interface Agreement {
  readonly lowestCosine: number;
  readonly meanCosine: number;
}

/** The first `count` rows of a matrix `[N, D]`. */
export function rowsOf({ shape, data }: NdArray<'float32'>, count: number): NdArray<'float32'> {
  const columns = shape[1] ?? 1;
  return { dtype: 'float32', shape: [count, columns], data: data.subarray(0, count * columns) };
}

/** Compares two feature matrices `[N, D]`. */
export function agreementOf(a: NdArray<'float32'>, b: NdArray<'float32'>): Agreement {
  const [rows = 0, columns = 0] = a.shape;
  if (a.shape.join() !== b.shape.join() || a.shape.length !== 2) {
    throw new RangeError(`both must be [N, D] of one size, got [${a.shape.join(', ')}] and [${b.shape.join(', ')}]`);
  }
  const cosines = Array.from({ length: rows }, (_, row) => {
    let [dot, squareA, squareB] = [0, 0, 0];
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      const [x, y] = [a.data[i] as number, b.data[i] as number];
      dot += x * y;
      squareA += x * x;
      squareB += y * y;
    }
    return dot / Math.sqrt(squareA * squareB);
  });
  return { lowestCosine: Math.min(...cosines), meanCosine: cosines.reduce((sum, value) => sum + value, 0) / rows };
}
