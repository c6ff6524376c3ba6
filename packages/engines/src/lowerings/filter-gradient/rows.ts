import type { Value } from '../../onnx/graph.js';
import { SymbolicTensor } from '../../trace/symbolic-tensor.js';

import { moved, phasesOf } from './phases.js';
import { NCHW, type FilterGradient } from './strategy.js';
import { concat, sumOfFirst, timesTransposed } from './values.js';

/**
 * A plane of whole rows for each row of the kernel, `[C * KH, OH * W]`, and a product for each of its columns: `dy` moves to
 * that column between zeros, so that one copy of the images serves all columns. The zeros cost `W / OW` times the
 * multiplications; it copies `KW` times less than `planes`.
 */
export const rows: FilterGradient = (emit, x, dy, g) => {
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth, outHeight } = g;
  const gradient = emit.as(dy, NCHW);
  const columns = new Array<Value>(filterWidth);
  for (const phase of phasesOf(emit, x, g)) {
    const positions = outHeight * phase.width;
    const a = emit.reshape(phase.rows, [batchSize, inChannels * filterHeight, positions]);
    for (const tap of phase.taps) {
      const b = emit.reshape(moved(emit, gradient, tap), [batchSize, outChannels, positions]);
      const sum = sumOfFirst(emit, timesTransposed(emit, a, b));
      columns[tap.column] = emit.reshape(sum, [1, inChannels, filterHeight, outChannels]);
    }
  }
  const value = concat(emit, columns, 0);
  return new SymbolicTensor([filterHeight, filterWidth, inChannels, outChannels], 'float32', value, [1, 2, 0, 3]);
};
