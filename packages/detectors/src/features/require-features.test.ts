import { float32 } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { fittedTensor } from './fitted-tensor.js';
import { requireFeatures } from './require-features.js';

const error = (code: string, message: string) => expect.objectContaining({ code, message }) as Error;

describe('features to fit on', () => {
  it('are told by rows and columns', () => {
    expect(requireFeatures('pca', float32([3, 2]))).toEqual([3, 2]);
  });

  it.each([
    [
      'of no rows',
      float32([0, 3]),
      'Features for pca must have the shape [N, D] with at least one row and one column. Got [0, 3].',
    ],
    [
      'of no columns',
      float32([3, 0]),
      'Features for pca must have the shape [N, D] with at least one row and one column. Got [3, 0].',
    ],
    [
      'of one dimension',
      float32([3]),
      'Features for pca must have the shape [N, D] with at least one row and one column. Got [3].',
    ],
    [
      'with NaN',
      float32([2, 2], [1, 2, 3, NaN]),
      'Features for pca must be finite numbers. Got NaN in row 1, column 1.',
    ],
    [
      'with infinity',
      float32([2, 2], [1, -Infinity, 3, 4]),
      'Features for pca must be finite numbers. Got -Infinity in row 0, column 1.',
    ],
  ])('are refused %s', (_, x, message) => {
    expect(() => requireFeatures('pca', x)).toThrow(error('KINDRED_FEATURES_INVALID', message));
  });
});

describe('a fitted state', () => {
  it('that lacks a tensor is refused', () => {
    expect(() => fittedTensor('pca', {}, 'mean')).toThrow(
      error('KINDRED_BUNDLE_INVALID', 'The fitted state of pca must hold the tensor "mean". Got none.'),
    );
  });
});
