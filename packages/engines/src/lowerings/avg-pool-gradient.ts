import type { Value } from '../onnx/graph.js';
import { permute } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { overhang, toNCHW, windowAttributes, type Geometry } from './conv-geometry.js';
import { pad } from './pad.js';

const nchw = toNCHW();

/**
 * Each window's gradient, shared evenly by its elements inside of the image, is added up over the windows. tfjs' own
 * backends share it by the whole window, also where that reaches beyond the edge; this is the derivative of the forward
 * pass, as in TensorFlow.
 */
export function avgPoolGradient(emit: Emitter, dy: SymbolicTensor, x: SymbolicTensor, g: Geometry): SymbolicTensor {
  const shares = emit.dense(windowShares(g), 'float32', [1, 1, g.outHeight, g.outWidth]);
  const output = { type: 'float32', shape: permute(dy.shape, nchw) } as const;
  const shared = emit.node('Mul', [emit.as(dy, nchw), shares], output);
  const sideBySide = g.strideHeight === g.filterHeight && g.strideWidth === g.filterWidth;
  return sideBySide ? enlarged(emit, shared, x, g) : summed(emit, shared, x, g);
}

/** Repeats each share over its window, cuts off what is outside of the image, and fills what no window reached with 0. */
function enlarged(emit: Emitter, shared: Value, x: SymbolicTensor, g: Geometry): SymbolicTensor {
  const [batch, channels, rows, columns] = shared.shape as [number, number, number, number];
  const shape = [batch, rows * g.filterHeight, columns * g.filterWidth, channels];
  const attributes = {
    mode: { string: 'nearest' },
    nearest_mode: { string: 'floor' },
    coordinate_transformation_mode: { string: 'asymmetric' },
  };
  const sizes = permute(shape, nchw);
  const inputs = [shared, undefined, undefined, emit.ints(sizes)];
  const whole = emit.node('Resize', inputs, { type: 'float32', shape: sizes }, { attributes });
  const { bottom, right } = overhang(g);
  const none = [0, 0] as const;
  const edges = [none, [-g.padInfo.top, -bottom], [-g.padInfo.left, -right], none] as const;
  const fitted = pad(emit, new SymbolicTensor(shape, 'float32', whole, nchw), edges, 'constant');
  return new SymbolicTensor(x.shape, 'float32', emit.as(fitted, nchw), nchw);
}

/** Adds up windows that overlap: a transposed convolution with ones. */
function summed(emit: Emitter, shared: Value, x: SymbolicTensor, g: Geometry): SymbolicTensor {
  const { outHeight, outWidth, filterHeight, filterWidth } = g;
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const { bottom, right } = overhang(g);
  const attributes = {
    ...windowAttributes(g),
    output_padding: { ints: [Math.max(0, -bottom), Math.max(0, -right)] },
  };
  // Channels do not mix: each is an image of its own.
  const images = emit.reshape(shared, [batch * channels, 1, outHeight, outWidth]);
  const ones = emit.plain(emit.fill([1, 1, filterHeight, filterWidth], 'float32', 1));
  const spread = { type: 'float32', shape: [batch * channels, 1, height, width] } as const;
  const sum = emit.node('ConvTranspose', [images, ones], spread, { attributes });
  return new SymbolicTensor(x.shape, 'float32', emit.reshape(sum, [batch, channels, height, width]), nchw);
}

/** One over the number of elements that each window has inside of the image, `[outHeight, outWidth]`. */
function windowShares(g: Geometry): Float32Array {
  const inside = (out: number, stride: number, window: number, before: number, length: number) =>
    Array.from({ length: out }, (_, i) => {
      const start = i * stride - before;
      return Math.min(start + window, length) - Math.max(start, 0);
    });
  const rows = inside(g.outHeight, g.strideHeight, g.filterHeight, g.padInfo.top, g.inHeight);
  const columns = inside(g.outWidth, g.strideWidth, g.filterWidth, g.padInfo.left, g.inWidth);
  return Float32Array.from(rows.flatMap((height) => columns.map((width) => 1 / (height * width))));
}
