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
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new KindredError('KINDRED_FEATURES_INVALID', {
      message: `Features for ${component} must be finite numbers. Got ${data[i]} in row ${Math.floor(i / columns)}, column ${i % columns}.`,
      received: data[i],
      hint: "Check the backbone's weights: NaN comes from damaged or diverged ones.",
    });
  }
  return [rows, columns];
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
