import { graphOf, type Graph, type Node, type Value } from '../onnx/graph.js';
import { Emitter } from '../trace/emitter.js';

export type Inputs = readonly (Value | undefined)[];

/** Writes a node anew, whose inputs were rewritten already: its outputs, or undefined to keep it as it is. */
export type Rule = (node: Node, inputs: Inputs, emit: Emitter) => readonly Value[] | undefined;

/** A copy of `graph` in which `rule` replaced nodes. What is not needed any more is left out. */
export function rewrite(graph: Graph, rule: Rule, outputs: Outputs = sameOutputs): Graph {
  const emit = new Emitter();
  const copies = new Map<Value, Value>();
  const copyOf = (value: Value): Value => {
    const known = copies.get(value);
    if (known) return known;
    const { source, type, shape } = value;
    if (source.kind === 'node') throw new Error('the nodes of a graph must be in an order of computation');
    const copy =
      source.kind === 'input' ? emit.input(source.name, type, shape) : emit.constant(source.constant, type, shape);
    copies.set(value, copy);
    return copy;
  };
  for (const value of graph.inputs) copyOf(value);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => input && copyOf(input));
    const { op, attributes, domain } = node;
    const written = rule(node, inputs, emit) ?? emit.nodes(op, inputs, node.outputs, { attributes, domain });
    node.outputs.forEach((output, i) => {
      const copy = written[i];
      if (copy) copies.set(output, copy);
    });
  }
  return graphOf(graph.name, outputs(graph, copyOf, emit));
}

/** Chooses the outputs of a rewritten graph. */
export type Outputs = (graph: Graph, copyOf: (value: Value) => Value, emit: Emitter) => Graph['outputs'];

const sameOutputs: Outputs = (graph, copyOf) =>
  graph.outputs.map(({ name, value }) => ({ name, value: copyOf(value) }));

/** How many nodes and outputs read each value. */
export function countUses(graph: Graph): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value | undefined) => value && uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const node of graph.nodes) node.inputs.forEach(use);
  for (const { value } of graph.outputs) use(value);
  return uses;
}

/** The node that makes a value, if it is of the operator `op`. */
export function madeBy(value: Value | undefined, ...ops: readonly string[]): Node | undefined {
  if (value?.source.kind !== 'node') return undefined;
  const { node } = value.source;
  return ops.includes(node.op) ? node : undefined;
}
