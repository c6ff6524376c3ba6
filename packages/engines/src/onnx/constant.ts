import { copyPermuted, isIdentity, type Permutation } from './permute.js';
import { allocate, bytesOf, ELEMENT_BYTES, viewOf, type OnnxType, type TypedArray } from './types.js';

/**
 * The elements of a constant value, in one of two forms: all equal, or an array the graph only refers to. Weights stay
 * where their owner keeps them; a transposed view is put in order when the model's bytes are written.
 */
export type Constant = { readonly kind: 'fill'; readonly value: number } | DenseConstant;

interface DenseConstant {
  readonly kind: 'dense';
  readonly data: TypedArray;
  /** Set if `data` is row-major of `shape` and the constant is its transposition by `perm`. */
  readonly view?: { readonly shape: readonly number[]; readonly perm: Permutation };
}

/** Arrays at least this long are looked through for a single repeated value. */
const FILL_FROM = 16;

/** Wraps `data` without a copy; recognises arrays of one repeated value (tfjs writes out `zeros` and `ones`). */
export function constantOf(data: TypedArray): Constant {
  const [first] = data;
  if (data.length >= FILL_FROM && typeof first === 'number' && (data as Float32Array).every((v) => v === first)) {
    return { kind: 'fill', value: first };
  }
  return { kind: 'dense', data };
}

/** The constant of shape `shape` with its axes in the order `perm`. */
export function transposed(constant: Constant, type: OnnxType, shape: readonly number[], perm: Permutation): Constant {
  if (constant.kind === 'fill' || isIdentity(perm)) return constant;
  const data = constant.view ? elementsOf(constant, type, constant.data.length) : constant.data;
  return { kind: 'dense', data, view: { shape, perm } };
}

/** The elements in order. It is the constant's own array where that is in order already: do not write to it. */
export function elementsOf(constant: Constant, type: OnnxType, size: number): TypedArray {
  if (constant.kind === 'dense' && !constant.view) return constant.data;
  const target = allocate(type, size);
  if (constant.kind === 'fill') target.fill((type === 'int64' ? BigInt(constant.value) : constant.value) as never);
  else if (constant.view) copyPermuted(constant.data, constant.view.shape, constant.view.perm, target);
  return target;
}

/** Writes the elements into `target`, which has just their length; without a copy between where its place in memory allows that. */
export function writeElements(constant: Constant, type: OnnxType, size: number, target: Uint8Array): void {
  const view = constant.kind === 'dense' ? constant.view : undefined;
  if (constant.kind === 'dense' && view && target.byteOffset % ELEMENT_BYTES[type] === 0) {
    copyPermuted(constant.data, view.shape, view.perm, viewOf(type, target));
    return;
  }
  target.set(bytesOf(elementsOf(constant, type, size)));
}
