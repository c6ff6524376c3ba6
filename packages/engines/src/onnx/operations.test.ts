import { expect, it } from 'vitest';

import { GraphBuilder } from './graph-builder.js';
import { graphOf, type Attributes, type Value } from './graph.js';
import { countOperations } from './operations.js';

/** A graph of one node with inputs and an output of these shapes. */
function graph(op: string, a: number[], b: number[], output: number[], attributes: Attributes = {}) {
  const builder = new GraphBuilder();
  const inputs = [a, b].map((shape, i) => builder.input(`x${i}`, { type: 'float32', shape }));
  const value = builder.node(op, inputs, [{ type: 'float32', shape: output }], { attributes })[0] as Value;
  return graphOf('one', [{ name: 'y', value }]);
}

it.each<[string, ReturnType<typeof graph>, number]>([
  ['a product of matrices', graph('MatMul', [3, 5], [5, 7], [3, 7]), 2 * 3 * 5 * 7],
  ['a transposed one', graph('FusedMatMul', [5, 3], [5, 7], [3, 7], { transA: { int: 1 } }), 2 * 3 * 5 * 7],
  ['several at once', graph('MatMul', [4, 3, 5], [4, 5, 7], [4, 3, 7]), 4 * 2 * 3 * 5 * 7],
  ['a convolution', graph('Conv', [2, 3, 10, 10], [8, 3, 5, 5], [2, 8, 6, 6]), 2 * (2 * 8 * 6 * 6) * (3 * 5 * 5)],
  ['one in groups', graph('Conv', [2, 4, 10, 10], [4, 1, 3, 3], [2, 4, 8, 8]), 2 * (2 * 4 * 8 * 8) * (3 * 3)],
  [
    'its transpose',
    graph('ConvTranspose', [2, 8, 6, 6], [8, 3, 5, 5], [2, 3, 10, 10]),
    2 * (2 * 8 * 6 * 6) * (3 * 5 * 5),
  ],
  ['a sum, which is little', graph('Add', [3, 5], [3, 5], [3, 5]), 0],
])('counts %s', (_, given, expected) => {
  expect(countOperations(given)).toBe(expected);
});
