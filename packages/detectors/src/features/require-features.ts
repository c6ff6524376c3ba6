import { KindredError, type NdArray } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Makes sure that features to fit on are `[N, D]`, at least one row and column, all finite.
 * @throws KINDRED_FEATURES_INVALID naming `component`, and the row and column of a bad value
 */
export function requireFeatures(
  component: string,
  { shape, data }: NdArray<'float32'>,
): [rows: number, columns: number] {
  const [rows, columns] = shape;
  if (shape.length !== 2 || !rows || !columns) {
    throw new KindredError('KINDRED_FEATURES_INVALID', {
      message: `Features for ${component} must have the shape [N, D] with at least one row and one column. Got [${shape.join(', ')}].`,
      received: shape,
      hint: 'Check that the training set holds readable images.',
    });
  }
  for (let row = 0; row < rows; row++) {
    if (rowIsFinite(data, row * columns, (row + 1) * columns)) continue;
    const column = data.subarray(row * columns, (row + 1) * columns).findIndex((value) => !Number.isFinite(value));
    const received = data[row * columns + column];
    throw new KindredError('KINDRED_FEATURES_INVALID', {
      message: `Features for ${component} must be finite numbers. Got ${received} in row ${row}, column ${column}.`,
      received,
      hint: "Check the backbone's weights: NaN comes from damaged or diverged ones.",
    });
  }
  return [rows, columns];
}

function rowIsFinite(data: Float32Array, from: number, to: number): boolean {
  // Of NaN and infinity alone the product with 0 is not 0.
  let sum = 0;
  for (let i = from; i < to; i++) sum += data[i]! * 0;
  return sum === 0;
}

/**
 * Makes sure that `x` `[N, D]` has as many columns as the features that a component was fitted on: tfjs would stretch one column.
 * @throws KINDRED_FEATURES_INVALID
 */
export function requireColumns(component: string, x: Tensor, columns: number): void {
  if (x.rank === 2 && x.shape[1] === columns) return;
  throw new KindredError('KINDRED_FEATURES_INVALID', {
    message: `Features for ${component} must have the shape [N, ${columns}] that it was fitted on. Got [${x.shape.join(', ')}].`,
    received: x.shape,
    hint: 'Use the backbone and tap that the component was fitted with.',
  });
}
