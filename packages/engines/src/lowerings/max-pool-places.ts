import type { Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';

import type { Geometry } from './conv-geometry.js';

/** Above this number of elements MaxPool's own indices are found faster. */
const MOST_ELEMENTS = 4;

/** True if `firstGreatest` is worth it. Its places are int32 on the way. */
export const isSmallWindow = (g: Geometry): boolean =>
  g.filterHeight * g.filterWidth <= MOST_ELEMENTS && g.batchSize * g.inChannels * g.inHeight * g.inWidth < 2 ** 31;

/**
 * Where in the whole array each window's first greatest element is, int64 `[N, C, OH, OW]`. No window may reach over an edge.
 * MaxPool counts its indices element by element, which takes ten times as long as its maxima alone. So the place is found
 * from maxima: the row is the number of ways to cut rows off below without keeping the greatest element, and likewise
 * the column. NaN compares as nothing, so each place is in its window, whatever the images hold.
 */
export function firstGreatest(emit: Emitter, images: Value, pooled: Value, g: Geometry): Value {
  const { filterHeight, filterWidth } = g;
  const bool = { type: 'bool', shape: pooled.shape } as const;
  const binary = (op: 'And' | 'Or', a: Value, b: Value) => emit.node(op, [a, b], bool);
  const lacks = (rows: number, columns: number) =>
    emit.node('Less', [corner(emit, images, pooled, g, rows, columns), pooled], bool);

  // below[r]: the element is below the first r + 1 rows.
  const below = ones(filterHeight - 1).map((_, r) => lacks(r + 1, filterWidth));
  const beyond = ones(filterWidth - 1).map((_, c) =>
    ones(filterHeight)
      .map((_, r) => {
        const missing = lacks(r + 1, c + 1);
        const next = below[r];
        // Rows further down than the element's own say nothing about the columns.
        return next ? binary('And', missing, emit.node('Not', [next], bool)) : missing;
      })
      .reduce((a, b) => binary('Or', a, b)),
  );
  return places(emit, pooled, g, below, beyond);
}

const ones = (length: number): readonly 1[] => new Array<1>(Math.max(0, length)).fill(1);

/** The greatest of each window's first rows and columns. */
function corner(emit: Emitter, images: Value, pooled: Value, g: Geometry, rows: number, columns: number): Value {
  const [batch, channels, height, width] = images.shape as [number, number, number, number];
  const shape = [
    batch,
    channels,
    Math.floor((height - rows) / g.strideHeight) + 1,
    Math.floor((width - columns) / g.strideWidth) + 1,
  ];
  const attributes = {
    kernel_shape: { ints: [rows, columns] },
    strides: { ints: [g.strideHeight, g.strideWidth] },
  };
  const value = emit.node('MaxPool', [images], { type: 'float32', shape }, { attributes });
  // A smaller window may fit once more at the end.
  if (shape.every((size, axis) => size === pooled.shape[axis])) return value;
  const range = [
    [0, 0],
    [g.outHeight, g.outWidth],
    [2, 3],
  ].map((ends) => emit.ints(ends));
  return emit.node('Slice', [value, ...range], pooled);
}

/** Counts the flags and adds where each window starts. */
function places(emit: Emitter, pooled: Value, g: Geometry, below: readonly Value[], beyond: readonly Value[]): Value {
  const int32 = { type: 'int32', shape: pooled.shape } as const;
  const add = (a: Value, b: Value) => emit.node('Add', [a, b], int32);
  const count = (flags: readonly Value[]) => flags.map((flag) => emit.cast(flag, 'int32')).reduce(add);
  const dense = (length: number, at: (i: number) => number, shape: readonly number[]) =>
    emit.dense(
      Int32Array.from({ length }, (_, i) => at(i)),
      'int32',
      shape,
    );
  const planes = g.batchSize * g.inChannels;
  const rowStart = (i: number) =>
    (Math.floor(i / g.outHeight) * g.inHeight + (i % g.outHeight) * g.strideHeight) * g.inWidth;
  const [batch, channels] = pooled.shape as [number, number];
  const starts = [
    dense(planes * g.outHeight, rowStart, [batch, channels, g.outHeight, 1]),
    dense(g.outWidth, (i) => i * g.strideWidth, [1, 1, 1, g.outWidth]),
  ];
  const width = emit.scalar(g.inWidth, 'int32');
  const offsets = [
    ...(below.length > 0 ? [emit.node('Mul', [count(below), width], int32)] : []),
    ...(beyond.length > 0 ? [count(beyond)] : []),
  ];
  // The starts are added one by one: the sum of both would be folded into a constant as large as the result.
  return emit.cast([...offsets, ...starts].reduce(add), 'int64');
}
