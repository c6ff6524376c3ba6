import * as tf from '@tensorflow/tfjs-core';

import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

export const searchSortedLowerings: readonly Lowering[] = [
  // The place where a value belongs in a sorted row [B, N] is the number of elements before it: [B, M] are compared with all.
  defineLowering<tf.SearchSortedAttrs>()(
    tf.SearchSorted,
    { required: ['sortedSequence', 'values'] },
    ({ emit, inputs: { sortedSequence, values }, attrs: { side } }) => {
      const [rows, length] = sortedSequence.shape as [number, number];
      const count = values.shape[1] as number;
      const shape = [rows, count, length];
      const sorted = emit.reshape(emit.plain(sortedSequence), [rows, 1, length]);
      const sought = emit.reshape(emit.plain(values), [rows, count, 1]);
      const op = side === 'left' ? 'Less' : 'LessOrEqual';
      const before = emit.cast(emit.node(op, [sorted, sought], { type: 'bool', shape }), 'int32');
      const output = { type: 'int32', shape: [rows, count] } as const;
      const attributes = { keepdims: { int: 0 } };
      const value = emit.node('ReduceSum', [before, emit.ints([2])], output, { attributes });
      return new SymbolicTensor(values.shape, 'int32', value);
    },
  ),
];
