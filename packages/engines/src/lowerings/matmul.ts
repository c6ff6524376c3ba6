import * as tf from '@tensorflow/tfjs-core';

import type { Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { activated } from './activations.js';
import { elementwise } from './align.js';

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The matrix product of the last two axes; the axes before them broadcast. `bias` is added to each row. */
function product(
  emit: Emitter,
  a: SymbolicTensor,
  b: SymbolicTensor,
  { transposeA, transposeB }: Transposes,
  bias?: SymbolicTensor,
): SymbolicTensor {
  const rows = a.shape.at(transposeA ? -1 : -2) as number;
  const columns = b.shape.at(transposeB ? -2 : -1) as number;
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batch, rows, columns];
  const output = { type: a.dtype, shape };
  if (a.dtype !== 'float32') {
    const values = [rowsFirst(emit, a, transposeA), rowsFirst(emit, b, transposeB)];
    return new SymbolicTensor(shape, a.dtype, emit.node('MatMul', values, output));
  }
  const values = [emit.plain(a), emit.plain(b)];
  if (bias && a.rank === 2 && b.rank === 2) {
    const attributes = { transA: { int: Number(transposeA) }, transB: { int: Number(transposeB) } };
    return new SymbolicTensor(
      shape,
      'float32',
      emit.node('Gemm', [...values, emit.plain(bias)], output, { attributes }),
    );
  }
  const value =
    transposeA || transposeB
      ? emit.node('FusedMatMul', values, output, {
          domain: 'com.microsoft',
          attributes: { transA: { int: Number(transposeA) }, transB: { int: Number(transposeB) } },
        })
      : emit.node('MatMul', values, output);
  const result = new SymbolicTensor(shape, 'float32', value);
  if (!bias) return result;
  return elementwise(emit, [result, bias], 'float32', (terms, sum) =>
    emit.node('Add', terms, { type: 'float32', shape: sum }),
  );
}

/** The matrices of `x` as they are multiplied: onnxruntime's product with transposes takes float32 only. */
function rowsFirst(emit: Emitter, x: SymbolicTensor, transpose: boolean): Value {
  const [rows, columns] = transpose ? [x.rank - 1, x.rank - 2] : [x.rank - 2, x.rank - 1];
  return emit.as(x, [...Array.from({ length: x.rank - 2 }, (_, axis) => axis), rows, columns]);
}

export const matmulLowerings: readonly Lowering[] = [
  defineLowering<tf.BatchMatMulAttrs>()(tf.BatchMatMul, { required: ['a', 'b'] }, ({ emit, inputs: { a, b }, attrs }) =>
    product(emit, a, b, attrs),
  ),
  defineLowering<tf._FusedMatMulAttrs>()(
    tf._FusedMatMul,
    { required: ['a', 'b'], optional: ['bias', 'preluActivationWeights'] },
    ({ emit, inputs: { a, b, bias, preluActivationWeights }, attrs }) =>
      activated(emit, product(emit, a, b, attrs, bias), attrs, preluActivationWeights),
  ),
  defineLowering<tf.SoftmaxAttrs>()(tf.Softmax, { required: ['logits'] }, ({ emit, inputs: { logits }, attrs }) =>
    alongAxis(emit, 'Softmax', logits, attrs.dim),
  ),
  defineLowering<tf.LogSoftmaxAttrs>()(tf.LogSoftmax, { required: ['logits'] }, ({ emit, inputs: { logits }, attrs }) =>
    alongAxis(emit, 'LogSoftmax', logits, attrs.axis),
  ),
];

function alongAxis(emit: Emitter, op: string, x: SymbolicTensor, axis: number): SymbolicTensor {
  const value = emit.plain(x);
  return new SymbolicTensor(x.shape, x.dtype, emit.node(op, [value], value, { attributes: { axis: { int: axis } } }));
}
