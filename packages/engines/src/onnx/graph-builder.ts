import type { Constant } from './constant.js';
import type { Attributes, Node, Value, ValueInfo } from './graph.js';
import type { OnnxType } from './types.js';

export interface NodeOptions {
  readonly attributes?: Attributes;
  /** `com.microsoft` for onnxruntime's own operators. */
  readonly domain?: string;
}

/** Records values and nodes. A node that was recorded before is given again instead of being computed twice. */
export class GraphBuilder {
  #next = 0;
  readonly #known = new Map<string, Node>();

  input(name: string, info: ValueInfo): Value {
    return { ...info, id: this.#next++, source: { kind: 'input', name } };
  }

  constant(constant: Constant, type: OnnxType, shape: readonly number[]): Value {
    return { type, shape, id: this.#next++, source: { kind: 'constant', constant } };
  }

  /** Appends a node and returns its outputs. */
  node(op: string, inputs: Node['inputs'], outputs: readonly ValueInfo[], options: NodeOptions = {}): Node['outputs'] {
    const { attributes = {}, domain = '' } = options;
    // Long lists of numbers are as good as never the same, and costly to compare.
    const isUnique = Object.values(attributes).some((attribute) => 'numbers' in attribute);
    if (isUnique) return this.#append(op, inputs, outputs, domain, attributes).outputs;
    const ids = inputs.map((input) => input?.id);
    const key = JSON.stringify([domain, op, ids, attributes, outputs.map(({ type, shape }) => [type, shape])]);
    const known = this.#known.get(key);
    if (known) return known.outputs;
    const node = this.#append(op, inputs, outputs, domain, attributes);
    this.#known.set(key, node);
    return node.outputs;
  }

  #append(
    op: string,
    inputs: Node['inputs'],
    outputs: readonly ValueInfo[],
    domain: string,
    attributes: Attributes,
  ): Node {
    const values: Value[] = [];
    const node: Node = { id: this.#next++, domain, op, inputs, outputs: values, attributes };
    for (const { type, shape } of outputs)
      values.push({ type, shape, id: this.#next++, source: { kind: 'node', node } });
    return node;
  }
}
