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

/** An axis of a transposition: its length, and how far apart its elements lie in the source and in the target. */
interface Axis {
  size: number;
  readonly from: number;
  readonly to: number;
}

/** Source elements that are read in one go: each lands in a line of its own in the target, and those must stay in the cache. */
const TILE = 8;

/** Writes `source`, row-major of `shape`, into `target` with its axes in the order `perm`. */
export function copyPermuted(
  source: TypedArray,
  shape: readonly number[],
  perm: Permutation,
  target: TypedArray,
): void {
  if (target.length === 0) return;
  const axes = joined(shape, perm);
  // Neighbours in the source, and neighbours in the target. Only all axes of length 1 leave none.
  const near = axes.find(({ from }) => from === 1) ?? { size: 1, from: 1, to: 1 };
  const last = axes.find((axis) => axis.to === 1 && axis !== near) ?? { size: 1, from: 0, to: 0 };
  const outer = axes.filter((axis) => axis !== near && axis !== last);
  for (let start = 0; start < near.size; start += TILE) {
    const end = Math.min(near.size, start + TILE);
    const whole = end - start === TILE && last.to <= 1;
    forEachIndex(outer, (from, to) => {
      if (whole) copyTile(source, from + start, last.from, target, to + start * near.to, near.to, last.size);
      else copyRest(source, from, target, to, near, last, start, end);
    });
  }
}

/** Copies `count` times TILE neighbours, `step` apart from each other, to TILE lines that are `line` apart. Written out: it takes half the time. */
function copyTile(
  source: TypedArray,
  from: number,
  step: number,
  target: TypedArray,
  a: number,
  line: number,
  count: number,
): void {
  const [b, c, d] = [a + line, a + 2 * line, a + 3 * line];
  const [e, f, g, h] = [a + 4 * line, a + 5 * line, a + 6 * line, a + 7 * line];
  for (let i = 0, at = from; i < count; i++, at += step) {
    target[a + i] = source[at] as never;
    target[b + i] = source[at + 1] as never;
    target[c + i] = source[at + 2] as never;
    target[d + i] = source[at + 3] as never;
    target[e + i] = source[at + 4] as never;
    target[f + i] = source[at + 5] as never;
    target[g + i] = source[at + 6] as never;
    target[h + i] = source[at + 7] as never;
  }
}

/** The same for neighbours `start` to `end`, fewer than a tile, and for any order of the lines. */
function copyRest(
  source: TypedArray,
  from: number,
  target: TypedArray,
  to: number,
  near: Axis,
  last: Axis,
  start: number,
  end: number,
): void {
  for (let i = 0; i < last.size; i++) {
    for (let j = start; j < end; j++)
      target[to + i * last.to + j * near.to] = source[from + i * last.from + j] as never;
  }
}

/** The axes in the target's order, without those of length 1; axes that stay next to each other are one. */
function joined(shape: readonly number[], perm: Permutation): Axis[] {
  const strides = stridesOf(shape);
  const targetStrides = stridesOf(permute(shape, perm));
  const axes: Axis[] = [];
  // From the innermost outwards: what joins another keeps that one's place in the source and in the target.
  for (let i = perm.length - 1; i >= 0; i--) {
    const [size, from, to] = [shape[perm[i] as number], strides[perm[i] as number], targetStrides[i]] as [
      number,
      number,
      number,
    ];
    const inner = axes[0];
    if (size === 1) continue;
    if (inner && from === inner.from * inner.size) inner.size *= size;
    else axes.unshift({ size, from, to });
  }
  return axes;
}

/** Calls `visit` with the offsets in the source and in the target of every index of `axes`. */
function forEachIndex(axes: readonly Axis[], visit: (from: number, to: number) => void): void {
  const index = new Array<number>(axes.length).fill(0);
  let [from, to] = [0, 0];
  for (;;) {
    visit(from, to);
    let i = axes.length - 1;
    for (; i >= 0; i--) {
      const axis = axes[i] as Axis;
      from += axis.from;
      to += axis.to;
      index[i] = (index[i] as number) + 1;
      if ((index[i] as number) < axis.size) break;
      from -= axis.from * axis.size;
      to -= axis.to * axis.size;
      index[i] = 0;
    }
    if (i < 0) return;
  }
}
