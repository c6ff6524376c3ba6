import * as tf from '@tensorflow/tfjs-core';

import type { Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { toNCHW } from './conv-geometry.js';

/** For each channel the sum over those at most `radius` away: a product with a banded matrix. */
function sumOfNeighbours(emit: Emitter, x: Value, radius: number): Value {
  const channels = x.shape.at(-1) as number;
  const near = (at: number) => Number(Math.abs((at % channels) - Math.floor(at / channels)) <= radius);
  const band = Float32Array.from({ length: channels * channels }, (_, at) => near(at));
  return emit.node('MatMul', [x, emit.dense(band, 'float32', [channels, channels])], x);
}

/** x / norm^beta with norm = bias + alpha * (the neighbours' squares), Krizhevsky et al. (2012). */
export const localResponseLowerings: readonly Lowering[] = [
  defineLowering<tf.LRNAttrs>()(tf.LRN, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const size = 2 * attrs.depthRadius + 1;
    const value = emit.as(x, toNCHW());
    const attributes = {
      size: { int: size },
      bias: { float: attrs.bias },
      // ONNX divides alpha by the number of neighbours.
      alpha: { float: attrs.alpha * size },
      beta: { float: attrs.beta },
    };
    return new SymbolicTensor(x.shape, 'float32', emit.node('LRN', [value], value, { attributes }), toNCHW());
  }),

  // dx = dy / norm^beta - 2 alpha beta x * (the neighbours' dy y / norm)
  defineLowering<tf.LRNGradAttrs>()(tf.LRNGrad, { required: ['x', 'y', 'dy'] }, ({ emit, inputs, attrs }) => {
    const [x, y, dy] = [inputs.x, inputs.y, inputs.dy].map((tensor) => emit.plain(tensor)) as [Value, Value, Value];
    const { depthRadius, bias, alpha, beta } = attrs;
    const of = (op: string, a: Value, b: Value | number) =>
      emit.node(op, [a, typeof b === 'number' ? emit.scalar(b, 'float32') : b], x);
    const norm = of('Add', of('Mul', sumOfNeighbours(emit, of('Mul', x, x), depthRadius), alpha), bias);
    const direct = of('Mul', dy, of('Pow', norm, -beta));
    const shared = sumOfNeighbours(emit, of('Div', of('Mul', dy, y), norm), depthRadius);
    const dx = of('Sub', direct, of('Mul', of('Mul', x, shared), 2 * alpha * beta));
    return new SymbolicTensor(inputs.x.shape, 'float32', dx);
  }),
];
