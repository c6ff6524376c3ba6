import { LIMITS } from './limits.js';
import { Flaw } from './model-error.js';
import type { FileTensor } from './onnx-file.js';

interface ElementType {
  readonly name: string;
  readonly bits: number;
  /** The field of a TensorProto that holds single values of the type. */
  readonly field: number;
  /** Elements that one value in that field holds. */
  readonly perValue?: number;
}

/** `TensorProto.DataType`; complex numbers and strings are left out. */
export const ELEMENT_TYPES: ReadonlyMap<number, ElementType> = new Map([
  [1, { name: 'float32', bits: 32, field: 4 }],
  [2, { name: 'uint8', bits: 8, field: 5 }],
  [3, { name: 'int8', bits: 8, field: 5 }],
  [4, { name: 'uint16', bits: 16, field: 5 }],
  [5, { name: 'int16', bits: 16, field: 5 }],
  [6, { name: 'int32', bits: 32, field: 5 }],
  [7, { name: 'int64', bits: 64, field: 7 }],
  [9, { name: 'bool', bits: 8, field: 5 }],
  [10, { name: 'float16', bits: 16, field: 5 }],
  [11, { name: 'float64', bits: 64, field: 10 }],
  [12, { name: 'uint32', bits: 32, field: 11 }],
  [13, { name: 'uint64', bits: 64, field: 11 }],
  [16, { name: 'bfloat16', bits: 16, field: 5 }],
  [17, { name: 'float8e4m3fn', bits: 8, field: 5 }],
  [18, { name: 'float8e4m3fnuz', bits: 8, field: 5 }],
  [19, { name: 'float8e5m2', bits: 8, field: 5 }],
  [20, { name: 'float8e5m2fnuz', bits: 8, field: 5 }],
  [21, { name: 'uint4', bits: 4, field: 5, perValue: 2 }],
  [22, { name: 'int4', bits: 4, field: 5, perValue: 2 }],
]);

/**
 * Checks that a tensor holds just the values that its type and shape need, in one place.
 * @returns their bytes
 * @throws Flaw
 */
export function checkTensor(tensor: FileTensor, where: string): number {
  const what = `the tensor "${tensor.name}" of ${where}`;
  const type = ELEMENT_TYPES.get(tensor.type);
  if (!type) throw new Flaw('hold tensors of known number types', `${what} has the type ${tensor.type}`);
  checkDims(tensor.dims, what);
  const elements = tensor.dims.reduce((product, size) => product * size, 1);
  const bytes = Math.ceil((elements * type.bits) / 8);
  const shape = `${type.name}[${tensor.dims.join(', ')}]`;
  if (bytes > LIMITS.totalBytes) {
    throw new Flaw(`hold tensors of at most ${LIMITS.totalBytes} bytes`, `${what} is ${shape}`);
  }
  const single = [...tensor.counts].filter(([, count]) => count > 0);
  const places = [tensor.rawBytes !== undefined, single.length > 0, tensor.external !== undefined].filter(Boolean);
  if (places.length > 1) throw new Flaw('hold the values of a tensor in one place', `${what} has several`);
  if (tensor.external) return bytes;
  if (tensor.rawBytes !== undefined) {
    if (tensor.rawBytes === bytes) return bytes;
    throw new Flaw(
      'hold as many bytes for a tensor as its shape needs',
      `${what}, ${shape}, needs ${bytes} and has ${tensor.rawBytes}`,
    );
  }
  const values = Math.ceil(elements / (type.perValue ?? 1));
  const count = tensor.counts.get(type.field) ?? 0;
  if (single.length > 1 || count !== values) {
    throw new Flaw(
      'hold as many values for a tensor as its shape needs',
      `${what}, ${shape}, needs ${values} and has ${count}`,
    );
  }
  return bytes;
}

/** @throws Flaw */
export function checkDims(dims: readonly number[], what: string): void {
  if (dims.length > LIMITS.rank) throw new Flaw(`have at most ${LIMITS.rank} dimensions`, `${what} has ${dims.length}`);
  const wrong = dims.find((size) => !Number.isSafeInteger(size) || size < 0 || size >= 2 ** 31);
  if (wrong !== undefined) throw new Flaw('have dimensions from 0 to 2147483647', `${what} has one of ${wrong}`);
}
