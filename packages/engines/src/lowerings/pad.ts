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

/** A reflection that repeats the edge. ONNX has none: rows are picked, axis by axis. */
function symmetric(emit: Emitter, x: SymbolicTensor, paddings: Paddings): SymbolicTensor {
  let value = emit.plain(x);
  paddings.forEach(([before, after], axis) => {
    if (before === 0 && after === 0) return;
    const length = x.shape[axis] as number;
    const places = Int32Array.from({ length: before + length + after }, (_, i) => mirrored(i - before, length));
    const shape = value.shape.map((size, i) => (i === axis ? places.length : size));
    const inputs = [value, emit.dense(places, 'int32', [places.length])];
    value = emit.node('Gather', inputs, { type: x.dtype, shape }, { attributes: { axis: { int: axis } } });
  });
  return new SymbolicTensor(value.shape, x.dtype, value);
}

function mirrored(place: number, length: number): number {
  if (place < 0) return -1 - place;
  return place < length ? place : 2 * length - 1 - place;
}

export const padLowerings: readonly Lowering[] = [
  defineLowering<tf.PadV2Attrs>()(tf.PadV2, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) =>
    pad(emit, x, attrs.paddings, 'constant', attrs.constantValue),
  ),
  defineLowering<tf.MirrorPadAttrs>()(tf.MirrorPad, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) =>
    attrs.mode === 'reflect' ? pad(emit, x, attrs.paddings, 'reflect') : symmetric(emit, x, attrs.paddings),
  ),
];
