import { SymbolicTensor } from '../../trace/symbolic-tensor.js';

import { NCHW, range, rowsOf, type FilterGradient } from './strategy.js';
import { concat, every, pick, sumOfFirst, timesTransposed } from './values.js';

/**
 * im2col (Chellapilla et al. 2006) on NCHW: each image becomes `[KW * C * KH, OH * OW]`, a plane for each kernel position and
 * channel, and its product with `dy` `[F, OH * OW]` is the gradient. All copies are runs of at least one row.
 */
export const planes: FilterGradient = (emit, x, dy, g) => {
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth, outHeight, outWidth } = g;
  const images = emit.as(x, NCHW);
  const columns = range(filterWidth).map((j) => every(emit, images, 3, j * g.dilationWidth, outWidth, g.strideWidth));
  const wide = concat(emit, columns, 1);
  const height = wide.shape[2] as number;
  const byRow = emit.reshape(wide, [batchSize * filterWidth * inChannels, height, outWidth]);
  const rows = pick(
    emit,
    byRow,
    1,
    range(filterHeight).flatMap((i) => rowsOf(g, i)),
  );
  const positions = outHeight * outWidth;
  const a = emit.reshape(rows, [batchSize, filterWidth * inChannels * filterHeight, positions]);
  const b = emit.reshape(emit.as(dy, NCHW), [batchSize, outChannels, positions]);
  const sum = sumOfFirst(emit, timesTransposed(emit, a, b));
  const value = emit.reshape(sum, [filterWidth, inChannels, filterHeight, outChannels]);
  return new SymbolicTensor([filterHeight, filterWidth, inChannels, outChannels], 'float32', value, [1, 2, 0, 3]);
};
