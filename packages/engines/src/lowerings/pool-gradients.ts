import * as tf from '@tensorflow/tfjs-core';

import { noteGradient } from '../onnx/gradients.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { avgPoolGradient } from './avg-pool-gradient.js';
import { poolGeometry, toNCHW, windowOf, type Geometry } from './conv-geometry.js';
import { maxPoolGradient } from './max-pool-gradient.js';
import { notePooledRelu } from './relu-of-pool.js';

const nchw = toNCHW();

/** The gradient, with what passes and other lowerings may want to know about it. */
function notedMaxPoolGradient(
  emit: Emitter,
  dy: SymbolicTensor,
  x: SymbolicTensor,
  pooled: SymbolicTensor,
  geometry: Geometry,
): SymbolicTensor {
  const gradient = maxPoolGradient(emit, dy, x, pooled, geometry);
  const values = { images: emit.as(x, nchw), pooled: emit.as(pooled, nchw), dy: emit.as(dy, nchw) };
  noteGradient(emit.as(gradient, nchw), { of: 'max-pool', ...values, window: windowOf(geometry) });
  return gradient;
}

/** `dy` where `pooled` is above 0, and 0 elsewhere. */
function masked(emit: Emitter, dy: SymbolicTensor, pooled: SymbolicTensor): SymbolicTensor {
  const greatest = emit.as(pooled, nchw);
  const gradient = emit.as(dy, nchw);
  const above = emit.node('Greater', [greatest, emit.scalar(0, 'float32')], { type: 'bool', shape: greatest.shape });
  const value = emit.node('Mul', [gradient, emit.cast(above, 'float32')], gradient);
  return new SymbolicTensor(dy.shape, 'float32', value, nchw);
}

export const poolGradientLowerings: readonly Lowering[] = [
  defineLowering<tf.MaxPoolGradAttrs>()(
    tf.MaxPoolGrad,
    { required: ['dy', 'input'], optional: ['output'] },
    ({ emit, inputs: { dy, input, output }, attrs }) => {
      const geometry = poolGeometry(input.shape, attrs);
      if (!output) return maxPoolGradient(emit, dy, input, undefined, geometry);
      const gradient = notedMaxPoolGradient(emit, dy, input, output, geometry);
      notePooledRelu(emit.as(input, nchw), emit.as(gradient, nchw), () =>
        notedMaxPoolGradient(emit, masked(emit, dy, output), input, output, geometry),
      );
      return gradient;
    },
  ),
  defineLowering<tf.AvgPoolGradAttrs>()(
    tf.AvgPoolGrad,
    { required: ['dy', 'input'] },
    ({ emit, inputs: { dy, input }, attrs }) => avgPoolGradient(emit, dy, input, poolGeometry(input.shape, attrs)),
  ),
];
