import type { Value } from '../../onnx/graph.js';
import type { Emitter } from '../../trace/emitter.js';
import type { SymbolicTensor } from '../../trace/symbolic-tensor.js';
import type { Geometry } from '../conv-geometry.js';

import { NCHW, range, rowsOf } from './strategy.js';
import { every, padAxis, pick } from './values.js';

/** A column of the kernel, and the zeros that move a row of `dy` to the place where that column meets the images. */
interface Tap {
  readonly column: number;
  readonly before: number;
  readonly after: number;
}

/** The images' columns that some of the kernel's columns meet: every `stride`-th. For a stride of 1 there is one phase. */
interface Phase {
  readonly taps: readonly Tap[];
  readonly width: number;
  /** `[N * C, KH * OH, width]`: the rows that each row of the kernel meets. */
  readonly rows: Value;
}

export function phasesOf(emit: Emitter, x: SymbolicTensor, g: Geometry): readonly Phase[] {
  const { batchSize, inChannels, filterHeight, filterWidth, outWidth, strideWidth, dilationWidth } = g;
  const images = emit.as(x, NCHW);
  const flat = emit.reshape(images, [batchSize * inChannels, ...images.shape.slice(2)]);
  const met = range(filterHeight).flatMap((i) => rowsOf(g, i));
  // Not the last columns, which strides that do not divide leave over.
  const reach = (outWidth - 1) * strideWidth + g.effectiveFilterWidth;
  return range(strideWidth).flatMap((phase) => {
    const columns = range(filterWidth).filter((column) => (column * dilationWidth) % strideWidth === phase);
    if (columns.length === 0) return [];
    const width = Math.floor((reach - 1 - phase) / strideWidth) + 1;
    const rows = pick(emit, every(emit, flat, 2, phase, width, strideWidth), 1, met);
    const taps = columns.map((column) => {
      const before = Math.floor((column * dilationWidth) / strideWidth);
      return { column, before, after: width - outWidth - before };
    });
    return [{ taps, width, rows }];
  });
}

/** `dy` `[N, F, OH, OW]` as `[N, F, OH, width]`, at the place of a column of the kernel. */
export const moved = (emit: Emitter, dy: Value, tap: Tap): Value => padAxis(emit, dy, 3, tap.before, tap.after);
