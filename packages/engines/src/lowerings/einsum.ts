import * as tf from '@tensorflow/tfjs-core';

import { defineListLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

export const einsumLowerings: readonly Lowering[] = [
  defineListLowering<tf.EinsumAttrs>(tf.Einsum, ({ emit, inputs, attrs }) => {
    const sizes = new Map<string, number>();
    const [terms = '', result = ''] = attrs.equation.replaceAll(' ', '').split('->');
    terms.split(',').forEach((term, i) => [...term].forEach((axis, j) => sizes.set(axis, inputs[i]?.shape[j] ?? 1)));
    const shape = [...result].map((axis) => sizes.get(axis) as number);
    const dtype = (inputs[0] as SymbolicTensor).dtype;
    const attributes = { equation: { string: attrs.equation } };
    const values = inputs.map((input) => emit.plain(input));
    return new SymbolicTensor(shape, dtype, emit.node('Einsum', values, { type: dtype, shape }, { attributes }));
  }),
];
