import type { Value } from '../../onnx/graph.js';
import type { Emitter } from '../../trace/emitter.js';

import { range } from './strategy.js';

const float32 = (shape: readonly number[]) => ({ type: 'float32', shape }) as const;

const resized = ({ shape }: Value, axis: number, size: number) => shape.map((s, i) => (i === axis ? size : s));

/** `a b^T` of the last two axes of values of rank 3, matrix by matrix. */
export function timesTransposed(emit: Emitter, a: Value, b: Value): Value {
  const [batch, rows] = a.shape as [number, number];
  const attributes = { transA: { int: 0 }, transB: { int: 1 } };
  const output = float32([batch, rows, b.shape[1] as number]);
  return emit.node('FusedMatMul', [a, b], output, { domain: 'com.microsoft', attributes });
}

/** The sum over the first axis, which it takes away. */
export function sumOfFirst(emit: Emitter, value: Value): Value {
  const [first, ...rest] = value.shape;
  if (first === 1) return emit.reshape(value, rest);
  return emit.node('ReduceSum', [value, emit.ints([0])], float32(rest), { attributes: { keepdims: { int: 0 } } });
}

export function concat(emit: Emitter, values: readonly Value[], axis: number): Value {
  const [first] = values as [Value];
  if (values.length === 1) return first;
  const size = values.reduce((sum, value) => sum + (value.shape[axis] as number), 0);
  return emit.node('Concat', values, float32(resized(first, axis, size)), { attributes: { axis: { int: axis } } });
}

/** `size` elements of an axis, from `start`, `step` apart. */
export function every(emit: Emitter, value: Value, axis: number, start: number, size: number, step: number): Value {
  if (start === 0 && step === 1 && size === value.shape[axis]) return value;
  const ints = [start, start + (size - 1) * step + 1, axis, step].map((item) => emit.ints([item]));
  return emit.node('Slice', [value, ...ints], float32(resized(value, axis, size)));
}

/** The elements of an axis at these places; blocks that lie behind one another in memory are copied as one. */
export function pick(emit: Emitter, value: Value, axis: number, places: readonly number[]): Value {
  if (places.length === value.shape[axis] && places.every((place, i) => place === i)) return value;
  const inputs = [value, emit.dense(Int32Array.from(places), 'int32', [places.length])];
  return emit.node('Gather', inputs, float32(resized(value, axis, places.length)), {
    attributes: { axis: { int: axis } },
  });
}

/** Zeros before and after an axis. */
export function padAxis(emit: Emitter, value: Value, axis: number, before: number, after: number): Value {
  if (before === 0 && after === 0) return value;
  const along = (count: number) => value.shape.map((_, i) => (i === axis ? count : 0));
  const inputs = [value, emit.ints([...along(before), ...along(after)]), emit.scalar(0, 'float32')];
  return emit.node('Pad', inputs, float32(resized(value, axis, (value.shape[axis] as number) + before + after)));
}

/** The batch in parts of equal length. */
export function splitBatch(emit: Emitter, value: Value, parts: number): readonly Value[] {
  if (parts === 1) return [value];
  const [batch, ...rest] = value.shape as [number, ...number[]];
  const part = float32([batch / parts, ...rest]);
  const inputs = [value, emit.ints(range(parts).map(() => batch / parts))];
  return emit.nodes(
    'Split',
    inputs,
    range(parts).map(() => part),
    { attributes: { axis: { int: 0 } } },
  );
}
