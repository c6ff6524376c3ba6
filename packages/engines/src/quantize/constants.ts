import { elementsOf } from '../onnx/constant.js';
import type { Value } from '../onnx/graph.js';

export const sizeOf = ({ shape }: Pick<Value, 'shape'>): number =>
  shape.reduce((size, dimension) => size * dimension, 1);

/** The numbers of a float32 constant, in order; undefined for anything else. Not to be written to. */
export function floatsOf(value: Value | undefined): Float32Array | undefined {
  if (value?.source.kind !== 'constant' || value.type !== 'float32') return undefined;
  return elementsOf(value.source.constant, 'float32', sizeOf(value)) as Float32Array;
}

/** The integers of a constant; undefined for anything else. */
export function intsOf(value: Value | undefined): number[] | undefined {
  if (value?.source.kind !== 'constant') return undefined;
  return Array.from(elementsOf(value.source.constant, value.type, sizeOf(value)), Number);
}
