import { type Constant, transposed } from '../onnx/constant.js';
import { GraphBuilder, type NodeOptions } from '../onnx/graph-builder.js';
import type { Value, ValueInfo } from '../onnx/graph.js';
import { identity, inverse, isIdentity, keepsOrder, permute, type Permutation } from '../onnx/permute.js';
import { allocate, TYPE_CODES, type OnnxType, type TypedArray } from '../onnx/types.js';

import { SymbolicTensor, type SymbolicType } from './symbolic-tensor.js';

/** What lowerings write graphs with: nodes, constants, and tensors in the order of axes that they need. */
export class Emitter {
  readonly #graph = new GraphBuilder();

  input(name: string, type: OnnxType, shape: readonly number[]): Value {
    return this.#graph.input(name, { type, shape });
  }

  /** Appends a node with one output. */
  node(op: string, inputs: readonly (Value | undefined)[], output: ValueInfo, options?: NodeOptions): Value {
    return this.nodes(op, inputs, [output], options)[0] as Value;
  }

  /** Appends a node with several outputs. */
  nodes(
    op: string,
    inputs: readonly (Value | undefined)[],
    outputs: readonly ValueInfo[],
    options?: NodeOptions,
  ): readonly Value[] {
    return this.#graph.node(op, inputs, outputs, options);
  }

  constant(constant: Constant, type: OnnxType, shape: readonly number[]): Value {
    return this.#graph.constant(constant, type, shape);
  }

  dense(data: TypedArray, type: OnnxType, shape: readonly number[]): Value {
    return this.constant({ kind: 'dense', data }, type, shape);
  }

  readonly #small = new Map<string, Value>();

  /** A constant of rank 0. */
  scalar(value: number, type: OnnxType): Value {
    return this.#shared(`${type} ${Object.is(value, -0) ? '-0' : value}`, () => {
      const data = allocate(type, 1);
      data[0] = type === 'int64' ? BigInt(value) : value;
      return this.dense(data, type, []);
    });
  }

  /** An int64 vector: shapes, axes and pads are given to nodes in this way. */
  ints(values: readonly number[]): Value {
    return this.#shared(`[${values.join()}]`, () =>
      this.dense(BigInt64Array.from(values, BigInt), 'int64', [values.length]),
    );
  }

  #shared(key: string, make: () => Value): Value {
    const value = this.#small.get(key) ?? make();
    this.#small.set(key, value);
    return value;
  }

  /** A tensor whose elements all equal `value`. */
  fill(shape: readonly number[], dtype: SymbolicType, value: number): SymbolicTensor {
    return new SymbolicTensor(shape, dtype, this.constant({ kind: 'fill', value }, dtype, shape));
  }

  cast(value: Value, type: OnnxType): Value {
    if (value.type === type) return value;
    const attributes = { to: { int: TYPE_CODES[type] } };
    return this.node('Cast', [value], { type, shape: value.shape }, { attributes });
  }

  reshape(value: Value, shape: readonly number[]): Value {
    if (same(value.shape, shape)) return value;
    if (value.source.kind === 'constant') return this.constant(value.source.constant, value.type, shape);
    // Without the attribute a 0 stands for the length that the axis has already.
    const attributes = { allowzero: { int: Number(shape.includes(0)) } };
    return this.node('Reshape', [value, this.ints(shape)], { type: value.type, shape }, { attributes });
  }

  transpose(value: Value, perm: Permutation): Value {
    if (isIdentity(perm)) return value;
    const shape = permute(value.shape, perm);
    if (keepsOrder(value.shape, perm)) return this.reshape(value, shape);
    if (value.source.kind === 'constant') {
      return this.constant(transposed(value.source.constant, value.type, value.shape, perm), value.type, shape);
    }
    return this.node('Transpose', [value], { type: value.type, shape }, { attributes: { perm: { ints: perm } } });
  }

  /** The tensor with its axes in the order `perm`; transposes what is there only if that order is new. */
  as(tensor: SymbolicTensor, perm: Permutation): Value {
    const known = tensor.form(perm);
    if (known) return known;
    const [from] = tensor.forms();
    if (!from) throw new Error('a symbolic tensor has at least one form');
    const value = this.transpose(from.value, permute(inverse(from.perm), perm));
    tensor.add(value, perm);
    return value;
  }

  /** The tensor in tfjs' own order of axes. */
  plain(tensor: SymbolicTensor): Value {
    return this.as(tensor, identity(tensor.rank));
  }
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}
