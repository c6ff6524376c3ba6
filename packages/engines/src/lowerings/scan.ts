import * as tf from '@tensorflow/tfjs-core';

import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { elementwise } from './align.js';
import { pad } from './pad.js';
import { block } from './slice.js';

/** `x` moved by `by` places along `axis`, towards the end or (`reverse`) the start; ones fill the gap. */
function shifted(emit: Emitter, x: SymbolicTensor, axis: number, by: number, reverse: boolean): SymbolicTensor {
  const size = x.shape.map((length, i) => (i === axis ? length - by : length));
  const begin = x.shape.map((_, i) => (i === axis && reverse ? by : 0));
  const gap = x.shape.map((_, i): [number, number] => (i !== axis ? [0, 0] : reverse ? [0, by] : [by, 0]));
  return pad(emit, block(emit, x, begin, size), gap, 'constant', 1);
}

/** Running products, doubling the reach in each step (W. D. Hillis and G. L. Steele, 1986): ONNX has no operator. */
function cumprod(emit: Emitter, x: SymbolicTensor, { axis, exclusive, reverse }: tf.CumprodAttrs): SymbolicTensor {
  const length = x.shape[axis] as number;
  let product = exclusive ? shifted(emit, x, axis, 1, reverse) : x;
  for (let reach = 1; reach < length; reach *= 2) {
    const factors = [product, shifted(emit, product, axis, reach, reverse)];
    product = elementwise(emit, factors, x.dtype, (values, shape) =>
      emit.node('Mul', values, { type: x.dtype, shape }),
    );
  }
  return product;
}

export const scanLowerings: readonly Lowering[] = [
  defineLowering<tf.CumsumAttrs>()(tf.Cumsum, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const [axis] = tf.util.parseAxisParam(attrs.axis, [...x.shape]) as [number];
    const value = emit.plain(x);
    const attributes = { exclusive: { int: Number(attrs.exclusive) }, reverse: { int: Number(attrs.reverse) } };
    const inputs = [value, emit.scalar(axis, 'int64')];
    return new SymbolicTensor(x.shape, x.dtype, emit.node('CumSum', inputs, value, { attributes }));
  }),

  defineLowering<tf.CumprodAttrs>()(tf.Cumprod, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const [axis] = tf.util.parseAxisParam(attrs.axis, [...x.shape]) as [number];
    return cumprod(emit, x, { ...attrs, axis });
  }),

  defineLowering<tf.TopKAttrs>()(tf.TopK, { required: ['x'] }, ({ emit, inputs: { x }, attrs: { k, sorted } }) => {
    const shape = [...x.shape.slice(0, -1), k];
    const outputs = [
      { type: x.dtype, shape },
      { type: 'int64', shape },
    ] as const;
    const attributes = { axis: { int: -1 }, sorted: { int: Number(sorted) } };
    const [values, places] = emit.nodes('TopK', [emit.plain(x), emit.ints([k])], outputs, { attributes });
    if (!values || !places) throw new Error('TopK has two outputs');
    return [new SymbolicTensor(shape, x.dtype, values), new SymbolicTensor(shape, 'int32', emit.cast(places, 'int32'))];
  }),
];
