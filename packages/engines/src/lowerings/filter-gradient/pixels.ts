import { identity } from '../../onnx/permute.js';
import { SymbolicTensor } from '../../trace/symbolic-tensor.js';

import { CNHW, range, rowsOf, type FilterGradient } from './strategy.js';
import { pick } from './values.js';

/**
 * im2col on NHWC: `[N * OH * OW, KH * KW * C]`, copied pixel by pixel, and one product with `dy` `[F, N * OH * OW]`. The sum runs over
 * the batch as well, which keeps it long where the images are small.
 */
export const pixels: FilterGradient = (emit, x, dy, g) => {
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth, outHeight, outWidth } = g;
  const [, height, width] = x.shape as [number, number, number];
  const taps = range(filterHeight).map((i) => rowsOf(g, i));
  const places = range(outHeight).flatMap((row) =>
    range(outWidth).flatMap((column) =>
      taps.flatMap((starts) =>
        range(filterWidth).map((j) => (starts[row] as number) * width + column * g.strideWidth + j * g.dilationWidth),
      ),
    ),
  );
  const images = emit.reshape(emit.as(x, identity(4)), [batchSize, height * width, inChannels]);
  const positions = batchSize * outHeight * outWidth;
  const columns = filterHeight * filterWidth * inChannels;
  const b = emit.reshape(pick(emit, images, 1, places), [positions, columns]);
  const a = emit.reshape(emit.as(dy, CNHW), [outChannels, positions]);
  const product = emit.node('MatMul', [a, b], { type: 'float32', shape: [outChannels, columns] });
  const value = emit.reshape(product, [outChannels, filterHeight, filterWidth, inChannels]);
  return new SymbolicTensor([filterHeight, filterWidth, inChannels, outChannels], 'float32', value, [3, 0, 1, 2]);
};
