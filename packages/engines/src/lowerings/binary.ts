import * as tf from '@tensorflow/tfjs-core';

import type { Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';
import { defineListLowering, defineLowering, type Lowering } from '../trace/lowering.js';
import type { SymbolicTensor, SymbolicType } from '../trace/symbolic-tensor.js';

import { elementwise } from './align.js';
import { maskedPoolGradient } from './relu-of-pool.js';
import { reshaped } from './shape.js';

type Write = (emit: Emitter, a: Value, b: Value, shape: readonly number[]) => Value;

const op =
  (name: string): Write =>
  (emit, a, b, shape) =>
    emit.node(name, [a, b], { type: a.type, shape });

const compare =
  (name: string): Write =>
  (emit, a, b, shape) =>
    emit.node(name, [a, b], { type: 'bool', shape });

/** The whole quotient rounded down, a float32. */
const floorDivided: Write = (emit, a, b, shape) => {
  const quotient = emit.node('Div', [emit.cast(a, 'float32'), emit.cast(b, 'float32')], { type: 'float32', shape });
  return emit.node('Floor', [quotient], quotient);
};

const ARITHMETIC: Readonly<Record<string, Write>> = {
  [tf.Add]: op('Add'),
  [tf.Sub]: op('Sub'),
  [tf.Multiply]: op('Mul'),
  [tf.RealDiv]: op('Div'),
  [tf.Maximum]: op('Max'),
  [tf.Minimum]: op('Min'),
  [tf.Pow]: op('Pow'),
  [tf.SquaredDifference]: (emit, a, b, shape) => {
    const difference = emit.node('Sub', [a, b], { type: a.type, shape });
    return emit.node('Mul', [difference, difference], difference);
  },
  [tf.BitwiseAnd]: op('BitwiseAnd'),
  // The result has the divisor's sign, as in Python.
  [tf.Mod]: (emit, a, b, shape) => {
    if (a.type === 'int32') return emit.node('Mod', [a, b], { type: a.type, shape });
    const multiple = emit.node('Mul', [floorDivided(emit, a, b, shape), b], { type: a.type, shape });
    return emit.node('Sub', [a, multiple], multiple);
  },
};

const COMPARISONS: Readonly<Record<string, Write>> = {
  [tf.Equal]: compare('Equal'),
  [tf.NotEqual]: (emit, a, b, shape) =>
    emit.node('Not', [compare('Equal')(emit, a, b, shape)], { type: 'bool', shape }),
  [tf.Greater]: compare('Greater'),
  [tf.GreaterEqual]: compare('GreaterOrEqual'),
  [tf.Less]: compare('Less'),
  [tf.LessEqual]: compare('LessOrEqual'),
  [tf.LogicalAnd]: compare('And'),
  [tf.LogicalOr]: compare('Or'),
  [tf.LogicalXor]: compare('Xor'),
};

/** `x * 1` and `x + 0` occur in every gradient that tfjs derives: they are `x`, if nothing broadcasts. */
const NEUTRAL: Readonly<Record<string, { readonly value: number; readonly left: boolean }>> = {
  [tf.Add]: { value: 0, left: true },
  [tf.Sub]: { value: 0, left: false },
  [tf.Multiply]: { value: 1, left: true },
  [tf.RealDiv]: { value: 1, left: false },
};

function unchanged(kernel: string, a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor | undefined {
  const neutral = NEUTRAL[kernel];
  if (neutral && b.fill === neutral.value && covers(a, b)) return a;
  if (neutral?.left && a.fill === neutral.value && covers(b, a)) return b;
  return undefined;
}

/** True if `large` with `small` broadcasts to `large`'s own shape. */
function covers(large: SymbolicTensor, small: SymbolicTensor): boolean {
  const offset = large.rank - small.rank;
  return offset >= 0 && small.shape.every((size, axis) => size === 1 || size === large.shape[axis + offset]);
}

function binary(kernel: string, write: Write, dtype?: SymbolicType): Lowering {
  return defineLowering()(
    kernel,
    { required: ['a', 'b'] },
    ({ emit, inputs: { a, b } }) =>
      unchanged(kernel, a, b) ??
      (kernel === tf.Multiply ? maskedPoolGradient(a, b) : undefined) ??
      elementwise(emit, [a, b], dtype ?? a.dtype, ([x, y], shape) => write(emit, x as Value, y as Value, shape)),
  );
}

export const binaryLowerings: readonly Lowering[] = [
  ...Object.entries(ARITHMETIC).map(([kernel, write]) => binary(kernel, write)),
  binary(tf.FloorDiv, (emit, a, b, shape) => emit.cast(floorDivided(emit, a, b, shape), 'int32'), 'int32'),
  ...Object.entries(COMPARISONS).map(([kernel, write]) => binary(kernel, write, 'bool')),

  defineListLowering(tf.AddN, ({ emit, inputs }) =>
    inputs.reduce((a, b) =>
      elementwise(emit, [a, b], a.dtype, ([x, y], shape) => op('Add')(emit, x as Value, y as Value, shape)),
    ),
  ),

  defineLowering()(tf.Select, { required: ['condition', 't', 'e'] }, ({ emit, inputs: { condition, t, e } }) => {
    const rows = condition.rank === 1 && t.rank > 1;
    const mask = rows ? reshaped(emit, condition, [condition.size, ...t.shape.slice(1).map(() => 1)]) : condition;
    return elementwise(emit, [mask, t, e], t.dtype, ([m, a, b], shape) => {
      if (t.dtype !== 'bool') return emit.node('Where', [m, a, b], { type: t.dtype, shape });
      // onnxruntime's Where takes no bools: (m and a) or (not m and b).
      const bool = { type: 'bool', shape } as const;
      const other = emit.node('And', [emit.node('Not', [m], m as Value), b], bool);
      return emit.node('Or', [emit.node('And', [m, a], bool), other], bool);
    });
  }),
];
