import type { Permutation } from '../../onnx/permute.js';
import type { Emitter } from '../../trace/emitter.js';
import type { SymbolicTensor } from '../../trace/symbolic-tensor.js';
import type { Geometry } from '../conv-geometry.js';

/**
 * One way to compute the gradient with respect to a filter: the correlation of the images `x` `[N, H, W, C]`, which have
 * their padding, with `dy` `[N, OH, OW, F]`. The result is `[KH, KW, C, F]`. Each is a matrix product over the positions of
 * the result; the ways differ in how the kernel's positions are laid out beside each other, which costs copies, and in
 * the shapes of the matrices.
 */
export type FilterGradient = (emit: Emitter, x: SymbolicTensor, dy: SymbolicTensor, g: Geometry) => SymbolicTensor;

/** Orders of the axes of `[N, H, W, C]`. */
export const NCHW: Permutation = [0, 3, 1, 2];
export const CNHW: Permutation = [3, 0, 1, 2];

export const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** The rows of the padded images that the kernel's row `i` meets, from top to bottom. */
export const rowsOf = (g: Geometry, i: number): number[] =>
  range(g.outHeight).map((out) => out * g.strideHeight + i * g.dilationHeight);
