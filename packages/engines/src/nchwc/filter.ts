import type { Value } from '../onnx/graph.js';
import { identity, inverse, permute, type Permutation } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';

import { padded, roundUp, type BlockSize } from './layout.js';

/** A filter whose axes O, I, H, W are the axes `perm` of `value`. */
export interface Filter {
  readonly value: Value;
  readonly perm: Permutation;
}

/** Looks through a transposition, so that it and the blocking become one. */
export function filterOf(oihw: Value): Filter {
  const node = oihw.source.kind === 'node' ? oihw.source.node : undefined;
  const source = node?.op === 'Transpose' ? node.inputs[0] : undefined;
  const perm = node?.attributes['perm'];
  if (source && perm && 'ints' in perm) return { value: source, perm: perm.ints };
  return { value: oihw, perm: identity(4) };
}

/**
 * How a blocked convolution reads its filter. `in-out` (OIHWBiBo): for blocked images, both channel axes in blocks.
 * `out` (OIHWBo): for NCHW images of a few channels and for depthwise filters, only the output channels in blocks.
 */
export type FilterBlocks = 'in-out' | 'out';

/**
 * Writes the filter in the order in memory that onnxruntime's MlasReorderFilter functions give to constant ones, under the shape
 * `[O', I', H, W]`. Channels that are missing to whole blocks are zeros.
 */
export function blockFilter(emit: Emitter, { value, perm }: Filter, blocks: FilterBlocks, block: BlockSize): Value {
  const [o, i, h, w] = permute(value.shape, perm) as [number, number, number, number];
  const sizes = [roundUp(o, block), blocks === 'in-out' ? roundUp(i, block) : i, h, w];
  const [outputs, inputs] = sizes as [number, number];
  const full = padded(emit, value, permute(sizes, inverse(perm)));
  // The parts of each axis, O, I, H and W, from outer to inner.
  const parts = [[outputs / block, block], blocks === 'in-out' ? [inputs / block, block] : [inputs], [h], [w]];
  const stored = inverse(perm);
  const split = stored.flatMap((axis) => parts[axis] ?? []);
  const place = (axis: number): number =>
    stored.slice(0, perm[axis]).reduce((sum, before) => sum + (parts[before]?.length ?? 0), 0);
  const inner = blocks === 'in-out' ? [place(1) + 1, place(0) + 1] : [place(0) + 1];
  const order = [place(0), place(1), place(2), place(3), ...inner];
  return emit.reshape(emit.transpose(emit.reshape(full, split), order), sizes);
}
