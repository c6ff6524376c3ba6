import type { Value } from '../onnx/graph.js';
import { permute } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { overhang, toNCHW, windowAttributes, type Geometry } from './conv-geometry.js';
import { firstGreatest, isSmallWindow } from './max-pool-places.js';

const nchw = toNCHW();

/**
 * Each window's gradient goes to its first greatest element, row by row; windows that overlap add up. `pooled` `[N, OH, OW, C]` is
 * the forward pass' result for `x` `[N, H, W, C]`.
 */
export function maxPoolGradient(
  emit: Emitter,
  dy: SymbolicTensor,
  x: SymbolicTensor,
  pooled: SymbolicTensor | undefined,
  geometry: Geometry,
): SymbolicTensor {
  const images = emit.as(x, nchw);
  const gradient = emit.as(dy, nchw);
  const places =
    pooled && liesInside(geometry) && isSmallWindow(geometry)
      ? firstGreatest(emit, images, emit.as(pooled, nchw), geometry)
      : indices(emit, images, geometry);
  const value = overlap(geometry)
    ? scatterSum(emit, images, places, gradient)
    : unpool(emit, images, places, gradient, geometry);
  return new SymbolicTensor(x.shape, 'float32', value, nchw);
}

const overlap = (g: Geometry): boolean => g.strideHeight < g.filterHeight || g.strideWidth < g.filterWidth;

/** True if no window reaches over an edge. */
function liesInside(g: Geometry): boolean {
  const { bottom, right } = overhang(g);
  return g.padInfo.top === 0 && g.padInfo.left === 0 && bottom <= 0 && right <= 0;
}

/** Where in the whole array each window's first greatest element is, as onnxruntime's MaxPool counts; not its fast path. */
function indices(emit: Emitter, images: Value, geometry: Geometry): Value {
  const shape = permute(geometry.outShape, nchw);
  const outputs = [
    { type: 'float32', shape },
    { type: 'int64', shape },
  ] as const;
  const [, places] = emit.nodes('MaxPool', [images], outputs, { attributes: windowAttributes(geometry) });
  if (!places) throw new Error('MaxPool has two outputs');
  // Windows of nothing but NaN or -Infinity get places before the array.
  return emit.node('Max', [places, emit.scalar(0, 'int64')], places);
}

/** Writes each gradient to its place among zeros. */
function unpool(emit: Emitter, images: Value, places: Value, dy: Value, g: Geometry): Value {
  const attributes = {
    kernel_shape: { ints: [g.filterHeight, g.filterWidth] },
    strides: { ints: [g.strideHeight, g.strideWidth] },
    pads: { ints: windowAttributes(g).pads.ints },
  };
  return emit.node('MaxUnpool', [dy, places, emit.ints(images.shape)], images, { attributes });
}

function scatterSum(emit: Emitter, images: Value, places: Value, dy: Value): Value {
  const flat = (value: Value) => emit.reshape(value, [value.shape.reduce((product, size) => product * size, 1)]);
  const zeros = flat(emit.constant({ kind: 'fill', value: 0 }, 'float32', images.shape));
  const attributes = { axis: { int: 0 }, reduction: { string: 'add' } };
  const sum = emit.node('ScatterElements', [zeros, flat(places), flat(dy)], zeros, { attributes });
  return emit.reshape(sum, images.shape);
}
