import * as tf from '@tensorflow/tfjs-core';

import type { Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';

import { elementwise } from './align.js';

/**
 * The angle of the point (x, y). ONNX has the arc tangent of one number only: it gives the angle of (|x|, |y|), which is
 * then mirrored into the point's quadrant. Zeros count as positive whatever their sign.
 */
function angle(emit: Emitter, y: Value, x: Value, shape: readonly number[]): Value {
  const [number, truth] = [{ type: 'float32', shape } as const, { type: 'bool', shape } as const];
  const zero = emit.scalar(0, 'float32');
  const negative = (value: Value) => emit.node('Less', [value, zero], { type: 'bool', shape: value.shape });
  const quotient = emit.node('Div', [emit.node('Abs', [y], y), emit.node('Abs', [x], x)], number);
  const origin = emit.node(
    'And',
    [y, x].map((value) => emit.node('Equal', [value, zero], { type: 'bool', shape: value.shape })),
    truth,
  );
  const acute = emit.node('Where', [origin, zero, emit.node('Atan', [quotient], number)], number);
  const supplement = emit.node('Sub', [emit.scalar(Math.PI, 'float32'), acute], number);
  const upper = emit.node('Where', [negative(x), supplement, acute], number);
  return emit.node('Where', [negative(y), emit.node('Neg', [upper], number), upper], number);
}

export const atan2Lowerings: readonly Lowering[] = [
  defineLowering()(tf.Atan2, { required: ['a', 'b'] }, ({ emit, inputs: { a, b } }) =>
    elementwise(emit, [a, b], 'float32', ([y, x], shape) => angle(emit, y as Value, x as Value, shape)),
  ),
];
