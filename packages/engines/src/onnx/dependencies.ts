import type { Graph, Value } from './graph.js';

/** How many nodes and outputs use each value. */
export function countUses({ nodes, outputs }: Graph): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value | undefined) => value && uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const node of nodes) node.inputs.forEach(use);
  for (const { value } of outputs) use(value);
  return uses;
}

/** The values that follow from constants alone: onnxruntime computes them once, when it loads the graph. */
export function staticValues({ constants, nodes }: Graph): ReadonlySet<Value> {
  const known = new Set<Value>(constants);
  for (const { inputs, outputs } of nodes) {
    if (inputs.every((input) => !input || known.has(input))) for (const output of outputs) known.add(output);
  }
  return known;
}
