import { KindredError } from '../errors/kindred-error.js';
import type { NdArray, NdArrays } from '../tensor/nd-array.js';

/**
 * Checks what a backbone made of a batch: float32 `[rows, length]`, and finite for the `used` rows.
 * @param nameOf Names the image of a row.
 * @throws KINDRED_PLUGIN_RESULT
 */
export function checkFeatures(
  outputs: NdArrays,
  { rows, used, length }: { readonly rows: number; readonly used: number; readonly length: number },
  nameOf: (row: number) => string,
): NdArray<'float32'> {
  const features = outputs['features'];
  const expected = `float32 [${rows}, ${length}]`;
  if (
    !isFloat32(features) ||
    features.shape.length !== 2 ||
    features.shape[0] !== rows ||
    features.shape[1] !== length
  ) {
    const received = features && `${features.dtype} [${features.shape.join(', ')}]`;
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `The backbone must give "features" as ${expected}. Got ${received ?? `outputs ${Object.keys(outputs).join(', ') || 'none'}`}.`,
      received,
      hint: 'Its `features` must be the length of what its network returns for one image.',
    });
  }
  const bad = features.data.subarray(0, used * length).findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const value = features.data[bad];
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `The backbone must give finite features. Got ${value} at position ${bad % length} for ${nameOf(Math.floor(bad / length))}.`,
      received: value,
      hint: 'Check its weights and the range of values that it expects of pixels.',
    });
  }
  return features;
}

function isFloat32(array: NdArray | undefined): array is NdArray<'float32'> {
  return array?.dtype === 'float32';
}
