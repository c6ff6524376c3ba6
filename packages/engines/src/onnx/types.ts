/** Element types of values inside a graph. int8, int64 and uint32 occur inside only, never at a program's border. */
export type OnnxType = 'float32' | 'int32' | 'uint8' | 'int8' | 'bool' | 'int64' | 'uint32';

/** `TensorProto.DataType` of the ONNX specification. */
export const TYPE_CODES: Readonly<Record<OnnxType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  uint32: 12,
};

export const ELEMENT_BYTES: Readonly<Record<OnnxType, number>> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
  uint32: 4,
};

export type TypedArray = Float32Array | Int32Array | Uint8Array | Int8Array | BigInt64Array | Uint32Array;

const ARRAYS = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  uint32: Uint32Array,
} as const;

/** A zeroed array that holds `length` elements of `type`. */
export function allocate(type: OnnxType, length: number): TypedArray {
  return new ARRAYS[type](length);
}

/** The elements that `bytes` hold; they must begin where one of `type` may. */
export function viewOf(type: OnnxType, bytes: Uint8Array): TypedArray {
  return new ARRAYS[type](bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / ELEMENT_BYTES[type]);
}

/** The bytes behind a typed array, without a copy. */
export function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
