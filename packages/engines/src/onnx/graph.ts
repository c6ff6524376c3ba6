import type { Constant } from './constant.js';
import type { OnnxType } from './types.js';

export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly strings: readonly string[] }
  /** A long list of floats, or of integers that are not negative. */
  | { readonly numbers: Float32Array | Int32Array };
export type Attributes = Readonly<Record<string, Attribute>>;

export interface ValueInfo {
  readonly type: OnnxType;
  readonly shape: readonly number[];
}

/** One edge of the graph. Its name in the file is made of `id`, or of its name as an input. */
export interface Value extends ValueInfo {
  readonly id: number;
  readonly source:
    | { readonly kind: 'input'; readonly name: string }
    | { readonly kind: 'constant'; readonly constant: Constant }
    | { readonly kind: 'node'; readonly node: Node };
}

export interface Node {
  readonly id: number;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly op: string;
  /** Undefined marks an optional input that is left out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

export interface Graph {
  readonly name: string;
  /** What the nodes reach, by name in the file; inputs that no output depends on are left out. */
  readonly inputs: readonly Value[];
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  readonly constants: readonly Value[];
  /** In an order in which they can be computed. */
  readonly nodes: readonly Node[];
}

/** The graph of all that `outputs` depend on. Each output must be a node's, and no two the same. */
export function graphOf(name: string, outputs: Graph['outputs']): Graph {
  const seen = new Set<Value>();
  const nodes = new Set<Node>();
  const open = outputs.map((output) => output.value);
  for (let value = open.pop(); value; value = open.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (value.source.kind !== 'node' || nodes.has(value.source.node)) continue;
    nodes.add(value.source.node);
    for (const input of value.source.node.inputs) if (input) open.push(input);
  }
  const values = [...seen].sort((a, b) => a.id - b.id);
  return {
    name,
    outputs,
    inputs: values.filter((value) => value.source.kind === 'input'),
    constants: values.filter((value) => value.source.kind === 'constant'),
    // A node is recorded after its inputs: recording order is an order of computation.
    nodes: [...nodes].sort((a, b) => a.id - b.id),
  };
}
