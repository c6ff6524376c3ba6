import { float32, type NdArray } from '@kindred/core';

export interface Centred {
  /** Features less `centre`, `[N, D]`. */
  readonly x: NdArray<'float32'>;
  /** The mean of each feature, `[D]`. */
  readonly centre: NdArray<'float32'>;
}

/**
 * Moves the rows of `x` `[N, D]` to mean 0: float32 loses as many digits of squared distances as means are larger than spreads. The
 * centre is rounded to float32 first, so that other features can be moved by exactly as much.
 */
export function centred({ shape, data }: NdArray<'float32'>): Centred {
  const [rows, columns] = shape as [number, number];
  const sums = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) sums[i % columns]! += data[i]!;
  const centre = float32(
    [columns],
    Float32Array.from(sums, (sum) => sum / rows),
  );
  return {
    x: float32(
      shape,
      data.map((value, i) => value - centre.data[i % columns]!),
    ),
    centre,
  };
}
