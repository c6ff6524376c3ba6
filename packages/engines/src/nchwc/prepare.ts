import type { Graph, Node, Value } from '../onnx/graph.js';
import { gradientOf, type Gradient, type MaxPoolGradient } from '../onnx/gradients.js';

import { fitsFilterGradient } from './filter-gradient.js';
import { fitsMaxPoolGradient } from './max-pool-gradient.js';

/** Stands for all nodes that compute a gradient which the pass writes in its own way. */
export const GRADIENT = 'Gradient';

/** A graph made ready for the pass. */
export interface Prepared {
  readonly graph: Graph;
  /** What the nodes `Gradient` compute, by their output. */
  readonly gradients: ReadonlyMap<Value, Gradient>;
}

/**
 * Puts one node in the place of those that compute a gradient which has a better way in blocks, and lets signs be asked of a
 * ReLU's result instead of its input: x > 0 where relu(x) > 0. Then nothing but the ReLU needs the input, and it becomes
 * part of the convolution before it.
 */
export function prepare(graph: Graph): Prepared {
  const rectified = new Map<Value, Value>();
  for (const { op, inputs, outputs } of graph.nodes) {
    if (op === 'Relu' && inputs[0] && outputs[0]) rectified.set(inputs[0], outputs[0]);
  }
  const gradients = new Map<Value, Gradient>();
  const nodes = new Map<number, Node>();
  const open = graph.outputs.map(({ value }) => value);
  for (let value = open.pop(); value; value = open.pop()) {
    if (value.source.kind !== 'node' || nodes.has(value.source.node.id)) continue;
    const node = replaced(value, value.source.node, gradients, rectified);
    nodes.set(node.id, node);
    for (const input of node.inputs) if (input) open.push(input);
  }
  return { graph: { ...graph, nodes: [...nodes.values()].sort((a, b) => a.id - b.id) }, gradients };
}

function replaced(
  value: Value,
  node: Node,
  gradients: Map<Value, Gradient>,
  rectified: ReadonlyMap<Value, Value>,
): Node {
  const gradient = gradientOf(value);
  if (gradient && fits(gradient)) {
    gradients.set(value, gradient);
    const inputs = [gradient.images, gradient.dy, ...(gradient.of === 'max-pool' ? [gradient.pooled] : [])];
    return { ...node, domain: '', op: GRADIENT, inputs, outputs: [value], attributes: {} };
  }
  const [x, zero] = node.inputs;
  const result = x && rectified.get(x);
  if (node.op === 'Greater' && result?.source.kind === 'node' && result.source.node.id < node.id && isZero(zero)) {
    return { ...node, inputs: [result, zero] };
  }
  return node;
}

const fits = (gradient: Gradient): boolean =>
  gradient.of === 'filter' ? fitsFilterGradient(gradient) : fitsMaxPoolGradient(gradient);

/** True for a constant whose only element is zero. */
function isZero(value: Value | undefined): boolean {
  if (value?.source.kind !== 'constant' || value.shape.some((size) => size !== 1)) return false;
  const { constant } = value.source;
  return constant.kind === 'fill' ? constant.value === 0 : Number(constant.data[0]) === 0;
}
