/** Element types that cross the border between JavaScript and an engine. Images are `uint8`; `bool` is one byte, 0 or 1. */
export type DType = 'float32' | 'int32' | 'uint8' | 'bool';

/** The typed array that holds each element type. */
export interface DTypeArrays {
  float32: Float32Array;
  int32: Int32Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

/** A dense row-major array in host memory: what components exchange outside of programs. */
export interface NdArray<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: DTypeArrays[D];
}

/** Arrays by name: a component's weights, a program's inputs or outputs. */
export type NdArrays = Readonly<Record<string, NdArray>>;

/** The number of elements of `shape`; 1 for a scalar's `[]`. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

/** Wraps float32 `data` of `shape`, or zeros if no data is given. */
export function float32(shape: readonly number[], data?: Float32Array | readonly number[]): NdArray<'float32'> {
  return { dtype: 'float32', shape, data: filled(shape, data, Float32Array) };
}

/** Wraps int32 `data` of `shape`, or zeros if no data is given. */
export function int32(shape: readonly number[], data?: Int32Array | readonly number[]): NdArray<'int32'> {
  return { dtype: 'int32', shape, data: filled(shape, data, Int32Array) };
}

/** Wraps uint8 `data` of `shape`, or zeros if no data is given. */
export function uint8(shape: readonly number[], data?: Uint8Array | readonly number[]): NdArray<'uint8'> {
  return { dtype: 'uint8', shape, data: filled(shape, data, Uint8Array) };
}

interface ArrayType<A> {
  new (size: number): A;
  from(values: readonly number[]): A;
}

function filled<A extends { length: number }>(
  shape: readonly number[],
  data: A | readonly number[] | undefined,
  type: ArrayType<A>,
): A {
  const size = sizeOf(shape);
  if (data === undefined) return new type(size);
  if (data.length !== size) {
    throw new RangeError(`an array of shape [${shape.join(', ')}] must hold ${size} values, got ${data.length}`);
  }
  return Array.isArray(data) ? type.from(data as readonly number[]) : (data as A);
}
