import type { TypedArray } from './types.js';

/** An order of axes: axis `i` of the result is axis `perm[i]` of the source, as in NumPy and ONNX. */
export type Permutation = readonly number[];

export const identity = (rank: number): Permutation => Array.from({ length: rank }, (_, axis) => axis);

export const isIdentity = (perm: Permutation): boolean => perm.every((axis, i) => axis === i);

export const permute = <T>(items: readonly T[], perm: Permutation): T[] => perm.map((axis) => items[axis] as T);

/** The permutation that leads back. */
export function inverse(perm: Permutation): Permutation {
  const back = new Array<number>(perm.length);
  perm.forEach((axis, i) => (back[axis] = i));
  return back;
}

/** True if transposing moves no element in memory, because only axes of length 1 change places. */
export function keepsOrder(shape: readonly number[], perm: Permutation): boolean {
  const long = perm.filter((axis) => shape[axis] !== 1);
  return long.every((axis, i) => i === 0 || axis > (long[i - 1] as number));
}

/** Row-major strides of `shape`, counted in elements. */
function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

/** Writes `source`, row-major of `shape`, into `target` with its axes in the order `perm`. */
export function copyPermuted(
  source: TypedArray,
  shape: readonly number[],
  perm: Permutation,
  target: TypedArray,
): void {
  const sizes = permute(shape, perm);
  const strides = permute(stridesOf(shape), perm);
  const last = sizes.length - 1;
  const inner = sizes[last] ?? 1;
  const step = strides[last] ?? 0;
  const index = new Array<number>(Math.max(last, 0)).fill(0);
  let from = 0;
  for (let to = 0; to < target.length;) {
    for (let i = 0, at = from; i < inner; i++, at += step) target[to++] = source[at] as never;
    for (let axis = last - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      from += strides[axis] as number;
      if (next < (sizes[axis] as number)) {
        index[axis] = next;
        break;
      }
      from -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
}
