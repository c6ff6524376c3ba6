import * as tf from '@tensorflow/tfjs-core';

import { permute } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { cheapestOrder } from './align.js';

type Paddings = readonly (readonly [before: number, after: number])[];

/** Adds elements before and after each axis. ONNX' `edge` and `reflect` are meant as in NumPy. */
export function pad(emit: Emitter, x: SymbolicTensor, paddings: Paddings, mode: string, constant = 0): SymbolicTensor {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  const shape = x.shape.map((size, i) => size + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0));
  const perm = cheapestOrder([x], x.rank);
  const ordered = permute(paddings, perm);
  const pads = emit.ints([...ordered.map(([before]) => before), ...ordered.map(([, after]) => after)]);
  const inputs = [emit.as(x, perm), pads, mode === 'constant' ? emit.scalar(constant, x.dtype) : undefined];
  const attributes = { mode: { string: mode } };
  const value = emit.node('Pad', inputs, { type: x.dtype, shape: permute(shape, perm) }, { attributes });
  return new SymbolicTensor(shape, x.dtype, value, perm);
}

/** A reflection that repeats the edge: the edge is doubled first, then the rest is a plain reflection. */
function symmetric(emit: Emitter, x: SymbolicTensor, paddings: Paddings): SymbolicTensor {
  const edge = paddings.map(([before, after]) => [Math.min(before, 1), Math.min(after, 1)] as const);
  const doubled = pad(emit, x, edge, 'edge');
  const cut = paddings.map(
    ([before, after], i) => [before - (edge[i]?.[0] ?? 0), after - (edge[i]?.[1] ?? 0)] as const,
  );
  return pad(emit, doubled, cut, 'reflect');
}

export const padLowerings: readonly Lowering[] = [
  defineLowering<tf.PadV2Attrs>()(tf.PadV2, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) =>
    pad(emit, x, attrs.paddings, 'constant', attrs.constantValue),
  ),
  defineLowering<tf.MirrorPadAttrs>()(tf.MirrorPad, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) =>
    attrs.mode === 'reflect' ? pad(emit, x, attrs.paddings, 'reflect') : symmetric(emit, x, attrs.paddings),
  ),
];
