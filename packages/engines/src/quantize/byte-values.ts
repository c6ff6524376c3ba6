import type { Graph, Node, Value } from '../onnx/graph.js';

import { floatsOf } from './constants.js';
import { countUses } from './rewrite.js';
import { weighted } from './weighted.js';

/** Operators that have a form for bytes, whose result needs a range of its own. */
const JOINING = ['Add', 'Mul', 'Concat', 'AveragePool'];
/** Operators that only move bytes, or choose among them. */
const MOVING = ['MaxPool', 'Reshape', 'Transpose'];

export interface ByteValues {
  /** The values with a range of their own, in the order of computation: the same for every batch size. */
  readonly ranged: readonly Value[];
  /** For each value that is kept in bytes the one whose range it has. */
  readonly rangeOf: ReadonlyMap<Value, Value>;
}

/**
 * Chooses what is computed in bytes: convolutions and matrix products with constant weights, and what lies between them. The
 * last matrix product, and poolings after the last convolution, give float32: rounding a feature would cost more than it saves.
 */
export function byteValues(graph: Graph): ByteValues {
  const ranged: Value[] = [];
  const rangeOf = new Map<Value, Value>();
  const add = (value: Value) => {
    if (rangeOf.has(value)) return;
    ranged.push(value);
    rangeOf.set(value, value);
  };
  const activated = activationsOf(graph);
  for (const node of graph.nodes) {
    const [input, output] = [node.inputs[0], node.outputs[0]];
    if (!input || !output || !inputsOf(node).every(isFloatBatch)) continue;
    if (weighted(node, node.inputs)) {
      add(input);
      if (node.op === 'Conv') add(activated(output));
    } else if (JOINING.includes(node.op) && inputsOf(node).some((value) => rangeOf.has(value))) {
      inputsOf(node).forEach(add);
      add(activated(output));
    } else if (MOVING.includes(node.op) && node.outputs.length === 1) {
      const source = rangeOf.get(input);
      if (source) rangeOf.set(output, source);
    }
  }
  return { ranged, rangeOf };
}

/** True for a ReLU, or a clipping from zero on: a byte's range that begins at zero does the same. */
export function isRectifier({ op, inputs }: Node): boolean {
  return op === 'Relu' || (op === 'Clip' && floatsOf(inputs[1])?.[0] === 0 && inputs[2] !== undefined);
}

/** What a value becomes by the rectifier that is its only reader; else the value itself. */
function activationsOf(graph: Graph): (value: Value) => Value {
  const uses = countUses(graph);
  const rectified = new Map<Value, Value>();
  for (const node of graph.nodes) {
    const [[input], [output]] = [node.inputs, node.outputs];
    if (input && output && isRectifier(node) && uses.get(input) === 1) rectified.set(input, output);
  }
  return (value) => rectified.get(value) ?? value;
}

/** What is computed from the program's inputs, of what a node reads. The first input of layers; all inputs of others. */
function inputsOf(node: Node): readonly Value[] {
  const { op, inputs } = node;
  const used = JOINING.includes(op) ? inputs : inputs.slice(0, 1);
  return used.filter((input) => input !== undefined);
}

const isFloatBatch = ({ type, source, shape }: Value): boolean =>
  type === 'float32' && source.kind !== 'constant' && shape.length >= 2;
