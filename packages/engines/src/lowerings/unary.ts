import * as tf from '@tensorflow/tfjs-core';

import type { Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import type { SymbolicType } from '../trace/symbolic-tensor.js';

import { elementwise } from './align.js';

/** Kernels that are one ONNX operator of their own. `ints`: the operator takes int32 as well. */
const OPERATORS: readonly { kernel: string; op: string; ints?: boolean }[] = [
  { kernel: tf.Abs, op: 'Abs', ints: true },
  { kernel: tf.Acos, op: 'Acos' },
  { kernel: tf.Acosh, op: 'Acosh' },
  { kernel: tf.Asin, op: 'Asin' },
  { kernel: tf.Asinh, op: 'Asinh' },
  { kernel: tf.Atan, op: 'Atan' },
  { kernel: tf.Atanh, op: 'Atanh' },
  { kernel: tf.Ceil, op: 'Ceil' },
  { kernel: tf.Cos, op: 'Cos' },
  { kernel: tf.Cosh, op: 'Cosh' },
  { kernel: tf.Elu, op: 'Elu' },
  { kernel: tf.Erf, op: 'Erf' },
  { kernel: tf.Exp, op: 'Exp' },
  { kernel: tf.Floor, op: 'Floor' },
  { kernel: tf.Log, op: 'Log' },
  { kernel: tf.Neg, op: 'Neg', ints: true },
  { kernel: tf.Reciprocal, op: 'Reciprocal' },
  { kernel: tf.Relu, op: 'Relu', ints: true },
  { kernel: tf.Round, op: 'Round' },
  { kernel: tf.Selu, op: 'Selu' },
  { kernel: tf.Sigmoid, op: 'Sigmoid' },
  { kernel: tf.Sign, op: 'Sign', ints: true },
  { kernel: tf.Sin, op: 'Sin' },
  { kernel: tf.Sinh, op: 'Sinh' },
  { kernel: tf.Softplus, op: 'Softplus' },
  { kernel: tf.Sqrt, op: 'Sqrt' },
  { kernel: tf.Tan, op: 'Tan' },
  { kernel: tf.Tanh, op: 'Tanh' },
];

/** Kernels written with several operators, on float32. */
const FORMULAS: Readonly<Record<string, (x: Value, emit: Emitter) => Value>> = {
  [tf.Expm1]: expm1,
  [tf.Log1p]: log1p,
  [tf.Rsqrt]: (x, emit) => emit.node('Reciprocal', [emit.node('Sqrt', [x], x)], x),
};

/** tfjs writes the results of its unary kernels into arrays of the input's type, so int32 truncates. */
function throughFloat(emit: Emitter, x: Value, write: (x: Value) => Value): Value {
  return emit.cast(write(emit.cast(x, 'float32')), x.type);
}

/** exp(x) - 1 = tanh(x / 2) (exp(x) + 1): keeps its digits near 0. */
function expm1(x: Value, emit: Emitter): Value {
  const half = emit.node('Tanh', [emit.node('Mul', [x, emit.scalar(0.5, 'float32')], x)], x);
  return emit.node('Mul', [half, emit.node('Add', [emit.node('Exp', [x], x), emit.scalar(1, 'float32')], x)], x);
}

/**
 * log(1 + x) = log(u) x / (u - 1) with u = 1 + x as rounded: keeps its digits near 0. W. Kahan's formula, as in
 * D. Goldberg, "What every computer scientist should know about floating-point arithmetic", theorem 4 (1991).
 */
function log1p(x: Value, emit: Emitter): Value {
  const one = emit.scalar(1, 'float32');
  const bool = { type: 'bool', shape: x.shape } as const;
  const u = emit.node('Add', [x, one], x);
  const rounded = emit.node('Sub', [u, one], x);
  const exact = emit.node('Equal', [rounded, x], bool);
  const ratio = emit.node('Where', [exact, one, emit.node('Div', [x, rounded], x)], x);
  const product = emit.node('Mul', [emit.node('Log', [u], x), ratio], x);
  return emit.node('Where', [emit.node('Equal', [u, one], bool), x, product], x);
}

function unary(kernel: string, write: (emit: Emitter, x: Value) => Value, dtype?: SymbolicType): Lowering {
  return defineLowering()(kernel, { required: ['x'] }, ({ emit, inputs: { x } }) =>
    elementwise(emit, [x], dtype ?? x.dtype, ([value]) => write(emit, value as Value)),
  );
}

const test = (op: string) => (emit: Emitter, x: Value) =>
  emit.node(op, [emit.cast(x, 'float32')], { type: 'bool', shape: x.shape });

export const unaryLowerings: readonly Lowering[] = [
  ...OPERATORS.map(({ kernel, op, ints }) =>
    unary(kernel, (emit, x) =>
      x.type === 'float32' || ints
        ? emit.node(op, [x], x)
        : throughFloat(emit, x, (value) => emit.node(op, [value], value)),
    ),
  ),
  ...Object.entries(FORMULAS).map(([kernel, formula]) =>
    unary(kernel, (emit, x) => throughFloat(emit, x, (value) => formula(value, emit))),
  ),
  unary(tf.Square, (emit, x) => emit.node('Mul', [x, x], x)),
  unary(tf.LogicalNot, (emit, x) => emit.node('Not', [x], x), 'bool'),
  unary(tf.IsNan, test('IsNaN'), 'bool'),
  unary(tf.IsInf, test('IsInf'), 'bool'),
  unary(
    tf.IsFinite,
    (emit, x) => {
      const bool = { type: 'bool', shape: x.shape } as const;
      return emit.node('Not', [emit.node('Or', [test('IsNaN')(emit, x), test('IsInf')(emit, x)], bool)], bool);
    },
    'bool',
  ),
];
