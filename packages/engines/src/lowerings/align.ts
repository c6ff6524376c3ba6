import * as tf from '@tensorflow/tfjs-core';

import type { Value } from '../onnx/graph.js';
import { identity, permute, type Permutation } from '../onnx/permute.js';
import type { Emitter } from '../trace/emitter.js';
import { SymbolicTensor, type SymbolicType } from '../trace/symbolic-tensor.js';

/** Writes the operator for values that broadcast to `shape`. */
export type WriteElementwise = (values: readonly Value[], shape: readonly number[]) => Value;

/**
 * Writes an operator that works element by element on inputs which broadcast. It is computed in the order of axes in
 * which most of the inputs' elements are at hand, so chains of such operators behind a convolution stay NCHW. Arrays
 * of one repeated number count as a single number.
 */
export function elementwise(
  emit: Emitter,
  inputs: readonly SymbolicTensor[],
  dtype: SymbolicType,
  write: WriteElementwise,
): SymbolicTensor {
  const shape = broadcast(inputs.map((input) => input.shape));
  const perm = cheapestOrder(inputs, shape.length);
  const values = inputs.map((input) => broadcastable(emit, input, perm));
  const computed = broadcast(values.map((value) => value.shape));
  return new SymbolicTensor(shape, dtype, expand(emit, write(values, computed), permute(shape, perm)), perm);
}

/** Repeats `value` along its axes of length 1 until it has `shape`. */
export function expand(emit: Emitter, value: Value, shape: readonly number[]): Value {
  if (value.shape.length === shape.length && value.shape.every((size, axis) => size === shape[axis])) return value;
  return emit.node('Expand', [value, emit.ints(shape)], { type: value.type, shape });
}

function broadcast(shapes: readonly (readonly number[])[]): readonly number[] {
  return shapes.reduce((a, b) => tf.broadcast_util.assertAndGetBroadcastShape([...a], [...b]));
}

/** The order of axes for which the fewest elements have to be transposed. */
export function cheapestOrder(inputs: readonly SymbolicTensor[], rank: number): Permutation {
  const moving = inputs.filter((input) => input.rank === rank && !input.isConstant);
  let best: { perm: Permutation; cost: number } = { perm: identity(rank), cost: Infinity };
  for (const { perm } of moving.flatMap((input) => input.forms())) {
    const cost = moving.reduce((sum, input) => sum + (input.form(perm) ? 0 : input.size), 0);
    if (cost < best.cost) best = { perm, cost };
  }
  return best.perm;
}

/** `input` with its axes in the order `perm` of the result's axes, ready for ONNX' broadcasting. */
function broadcastable(emit: Emitter, input: SymbolicTensor, perm: Permutation): Value {
  if (input.fill !== undefined) return emit.scalar(input.fill, input.dtype);
  if (input.rank === perm.length) return emit.as(input, perm);
  if (input.size === 1) return emit.reshape(emit.plain(input), []);
  const ones = new Array<number>(perm.length - input.rank).fill(1);
  return emit.transpose(emit.reshape(emit.plain(input), [...ones, ...input.shape]), perm);
}
