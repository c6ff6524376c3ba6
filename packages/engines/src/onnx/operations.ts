import type { Graph, Node, Value } from './graph.js';

/**
 * Floating-point operations of a graph's matrix products and convolutions, a multiplication and an addition counted as two.
 * What else a network computes is little beside them.
 */
export function countOperations(graph: Graph): number {
  return graph.nodes.reduce((sum, node) => sum + operationsOf(node), 0);
}

function operationsOf(node: Node): number {
  const [a, b] = node.inputs;
  const [output] = node.outputs;
  if (!a || !b || !output) return 0;
  switch (node.op) {
    case 'Conv':
    case 'FusedConv':
      // Each element of the output is a product with one filter [C / groups, ...].
      return (2 * size(output) * size(b)) / (b.shape[0] ?? 1);
    case 'ConvTranspose':
      return (2 * size(a) * size(b)) / (b.shape[0] ?? 1);
    case 'MatMul':
    case 'FusedMatMul':
    case 'Gemm':
      return 2 * size(output) * (a.shape.at(isTransposed(node) ? -2 : -1) ?? 1);
    default:
      return 0;
  }
}

function isTransposed({ attributes: { transA } }: Node): boolean {
  return transA !== undefined && 'int' in transA && transA.int === 1;
}

const size = ({ shape }: Value): number => shape.reduce((product, dimension) => product * dimension, 1);
