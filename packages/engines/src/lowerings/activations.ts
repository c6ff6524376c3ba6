import * as tf from '@tensorflow/tfjs-core';
import { KindredError } from '@kindred/core';

import type { Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import type { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { elementwise } from './align.js';

const clip = (emit: Emitter, x: SymbolicTensor, low: number, high: number): SymbolicTensor =>
  elementwise(emit, [x], x.dtype, ([v]) =>
    emit.node('Clip', [v, emit.scalar(low, x.dtype), emit.scalar(high, x.dtype)], v as Value),
  );

const leaky = (emit: Emitter, x: SymbolicTensor, alpha: number): SymbolicTensor =>
  elementwise(emit, [x], 'float32', ([v]) =>
    emit.node(
      'LeakyRelu',
      [emit.cast(v as Value, 'float32')],
      { type: 'float32', shape: (v as Value).shape },
      { attributes: { alpha: { float: alpha } } },
    ),
  );

const prelu = (emit: Emitter, x: SymbolicTensor, alpha: SymbolicTensor): SymbolicTensor =>
  elementwise(emit, [x, alpha], 'float32', ([v, a], shape) => {
    const negative = emit.node('Less', [v, emit.scalar(0, 'float32')], { type: 'bool', shape: (v as Value).shape });
    const scaled = emit.node('Mul', [v, a], { type: 'float32', shape });
    return emit.node('Where', [negative, scaled, v], { type: 'float32', shape });
  });

const plain = (op: string) => (emit: Emitter, x: SymbolicTensor) =>
  elementwise(emit, [x], x.dtype, ([v]) => emit.node(op, [v], v as Value));

interface Fused {
  readonly activation: string;
  readonly leakyreluAlpha?: number;
}

/** The activation that tfjs fused into a convolution or matrix product. */
export function activated(emit: Emitter, x: SymbolicTensor, fused: Fused, alpha?: SymbolicTensor): SymbolicTensor {
  switch (fused.activation) {
    case 'linear':
      return x;
    case 'relu':
      return plain('Relu')(emit, x);
    case 'elu':
      return plain('Elu')(emit, x);
    case 'sigmoid':
      return plain('Sigmoid')(emit, x);
    case 'relu6':
      return clip(emit, x, 0, 6);
    case 'leakyrelu':
      return leaky(emit, x, fused.leakyreluAlpha ?? 0.2);
    case 'prelu':
      if (alpha) return prelu(emit, x, alpha);
  }
  throw new KindredError('KINDRED_ENGINE_KERNEL', {
    message: `A fused activation must be one of tfjs' own. Got ${fused.activation}.`,
    received: fused.activation,
  });
}

export const activationLowerings: readonly Lowering[] = [
  defineLowering()(tf.Relu6, { required: ['x'] }, ({ emit, inputs }) => clip(emit, inputs.x, 0, 6)),
  defineLowering<tf.ClipByValueAttrs>()(tf.ClipByValue, { required: ['x'] }, ({ emit, inputs, attrs }) =>
    clip(emit, inputs.x, attrs.clipValueMin, attrs.clipValueMax),
  ),
  defineLowering<tf.LeakyReluAttrs>()(tf.LeakyRelu, { required: ['x'] }, ({ emit, inputs, attrs }) =>
    leaky(emit, inputs.x, attrs.alpha),
  ),
  defineLowering()(tf.Prelu, { required: ['x', 'alpha'] }, ({ emit, inputs }) => prelu(emit, inputs.x, inputs.alpha)),

  // dy where y >= 0, dy (y + 1) below: y is the activation's result.
  defineLowering()(tf.EluGrad, { required: ['dy', 'y'] }, ({ emit, inputs: { dy, y } }) =>
    elementwise(emit, [dy, y], 'float32', ([gradient, result], shape) => {
      const below = emit.node('Min', [result, emit.scalar(0, 'float32')], result as Value);
      const slope = emit.node('Add', [below, emit.scalar(1, 'float32')], below);
      return emit.node('Mul', [gradient, slope], { type: 'float32', shape });
    }),
  ),

  // 1 above 0, alpha elsewhere. tf.abs' gradient asks for alpha = -1.
  defineLowering<tf.StepAttrs>()(tf.Step, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) =>
    elementwise(emit, [x], x.dtype, ([v], shape) => {
      const above = emit.node('Greater', [v, emit.scalar(0, x.dtype)], { type: 'bool', shape });
      // A quarter of the time that a choice between two numbers takes.
      if (attrs.alpha === 0) return emit.cast(above, x.dtype);
      return emit.node('Where', [above, emit.scalar(1, x.dtype), emit.scalar(attrs.alpha, x.dtype)], {
        type: x.dtype,
        shape,
      });
    }),
  ),
];
