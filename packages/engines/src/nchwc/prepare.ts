import { convolutionOf, gradientOf, type Gradient } from '../onnx/gradients.js';
import type { Graph, Node, Value } from '../onnx/graph.js';

import { fitsFilterGradient } from './filter-gradient.js';
import type { BlockSize } from './layout.js';
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
export function prepare(graph: Graph, block: BlockSize): Prepared {
  const rectified = new Map<Value, Value>();
  for (const { op, inputs, outputs } of graph.nodes) {
    if (op === 'Relu' && inputs[0] && outputs[0]) rectified.set(inputs[0], outputs[0]);
  }
  const gradients = new Map<Value, Gradient>();
  const nodes = new Map<number, Node>();
  const open = graph.outputs.map(({ value }) => value);
  // What takes a node's place may need constants of its own.
  const constants = new Set(graph.constants);
  for (let value = open.pop(); value; value = open.pop()) {
    if (value.source.kind === 'constant') constants.add(value);
    if (value.source.kind !== 'node' || nodes.has(value.source.node.id)) continue;
    const { node } = value.source;
    const gradient = fittingGradient(value, block);
    if (gradient) gradients.set(value, gradient);
    const taken = gradient
      ? gradientNode(node, value, gradient)
      : (convolution(value, node) ?? signOfResult(node, rectified));
    nodes.set(node.id, taken);
    for (const input of taken.inputs) if (input) open.push(input);
  }
  return { graph: { ...graph, constants: [...constants], nodes: inOrder(nodes) }, gradients };
}

/** Recording order, but for nodes in the place of others, which may need what was recorded after those. */
function inOrder(nodes: ReadonlyMap<number, Node>): readonly Node[] {
  const ordered = new Set<Node>();
  const visit = (node: Node): void => {
    if (ordered.has(node)) return;
    for (const input of node.inputs) {
      const before = input?.source.kind === 'node' ? nodes.get(input.source.node.id) : undefined;
      if (before) visit(before);
    }
    ordered.add(node);
  };
  [...nodes.values()].sort((a, b) => a.id - b.id).forEach(visit);
  return [...ordered];
}

function fittingGradient(value: Value, block: BlockSize): Gradient | undefined {
  const alone = value.source.kind === 'node' && value.source.node.outputs.length === 1;
  const gradient = alone ? gradientOf(value) : undefined;
  return gradient && fits(gradient, block) ? gradient : undefined;
}

function gradientNode(node: Node, value: Value, gradient: Gradient): Node {
  const inputs = [gradient.images, gradient.dy, ...(gradient.of === 'max-pool' ? [gradient.pooled] : [])];
  return { ...node, domain: '', op: GRADIENT, inputs, outputs: [value], attributes: {} };
}

/** The Conv that computes what `node` does in another way. */
function convolution(value: Value, node: Node): Node | undefined {
  const conv = convolutionOf(value);
  return conv && { ...conv, id: node.id, outputs: [value] };
}

function signOfResult(node: Node, rectified: ReadonlyMap<Value, Value>): Node {
  const [x, zero] = node.inputs;
  const result = x && rectified.get(x);
  const earlier = result?.source.kind === 'node' && result.source.node.id < node.id;
  return node.op === 'Greater' && earlier && isZero(zero) ? { ...node, inputs: [result, zero] } : node;
}

const fits = (gradient: Gradient, block: BlockSize): boolean =>
  gradient.of === 'filter' ? fitsFilterGradient(gradient, block) : fitsMaxPoolGradient(gradient);

/** True for a constant whose only element is zero. */
function isZero(value: Value | undefined): boolean {
  if (value?.source.kind !== 'constant' || value.shape.some((size) => size !== 1)) return false;
  const { constant } = value.source;
  return constant.kind === 'fill' ? constant.value === 0 : Number(constant.data[0]) === 0;
}
