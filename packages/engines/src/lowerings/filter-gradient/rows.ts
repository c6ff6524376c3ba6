import type { Value } from '../../onnx/graph.js';
import { SymbolicTensor } from '../../trace/symbolic-tensor.js';

import { NCHW, range, rowsOf, type FilterGradient } from './strategy.js';
import { concat, every, padAxis, pick, sumOfFirst, timesTransposed } from './values.js';

/**
 * A plane of whole rows for each row of the kernel, `[C * KH, OH * W]`, and a product for each of its columns: `dy` moves to
 * that column between zeros, so that one copy of the images serves all columns. The zeros cost `W / OW` times the
 * multiplications; it copies `KW` times less than `planes`. Strides along a row make every `stride`-th column an image
 * of its own.
 */
export const rows: FilterGradient = (emit, x, dy, g) => {
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth, outHeight, outWidth, strideWidth } = g;
  const images = emit.as(x, NCHW);
  const gradient = emit.as(dy, NCHW);
  const all = range(filterHeight).flatMap((i) => rowsOf(g, i));
  const flat = emit.reshape(images, [batchSize * inChannels, ...images.shape.slice(2)]);
  const phases = new Map<number, Value>();

  const column = (j: number): Value => {
    const first = j * g.dilationWidth;
    const phase = first % strideWidth;
    const before = Math.floor(first / strideWidth);
    // Not the last columns, which strides that do not divide leave over.
    const width = Math.floor(((outWidth - 1) * strideWidth + g.effectiveFilterWidth - 1 - phase) / strideWidth) + 1;
    const strided = phases.get(phase) ?? pick(emit, every(emit, flat, 2, phase, width, strideWidth), 1, all);
    phases.set(phase, strided);
    const positions = outHeight * width;
    const a = emit.reshape(strided, [batchSize, inChannels * filterHeight, positions]);
    const moved = padAxis(emit, gradient, 3, before, width - outWidth - before);
    const b = emit.reshape(moved, [batchSize, outChannels, positions]);
    const sum = sumOfFirst(emit, timesTransposed(emit, a, b));
    return emit.reshape(sum, [1, inChannels, filterHeight, outChannels]);
  };

  const value = concat(emit, range(filterWidth).map(column), 0);
  return new SymbolicTensor([filterHeight, filterWidth, inChannels, outChannels], 'float32', value, [1, 2, 0, 3]);
};
