import { createRandom } from '../../context/random.js';
import { NORMAL } from '../../data/one-class/normal-samples.js';
import type { Head } from '../../plugin/contract.js';
import { float32, uint8, type NdArray } from '../../tensor/nd-array.js';

export const ROWS = 24;
export const FEATURES = 6;

export interface Toy {
  /** `[N, D]` */
  readonly x: NdArray<'float32'>;
  /** `[N, L]` */
  readonly y: NdArray<'uint8'>;
}

/** The columns that a head gets: three of any number, two that exclude each other, or the one of what belongs. */
export function labelsOf({ tags }: Head): readonly string[] {
  if (tags?.needsNegatives) return [NORMAL];
  return tags?.multiLabel ? ['label-0', 'label-1', 'label-2'] : ['label-0', 'label-1'];
}

/** Rows of targets `[L]` that a batch may be full of. */
export function extremeTargets(head: Head): readonly (readonly number[])[] {
  const labels = labelsOf(head);
  if (excludeEachOther(head)) return labels.map((_, i) => labels.map((__, j) => Number(i === j)));
  return [labels.map(() => 0), labels.map(() => 1)];
}

/** Normal features `[rows, D]`; label j applies where feature j is positive, of two that exclude each other the second where feature 0 is. */
export function toy(head: Head, rows = ROWS): Toy {
  const random = createRandom(7);
  const x = Float32Array.from({ length: rows * FEATURES }, () => random.normal());
  const labels = labelsOf(head).length;
  const y = Uint8Array.from({ length: rows * labels }, (_, i) => {
    const [row, label] = [Math.floor(i / labels), i % labels];
    if (excludeEachOther(head)) return Number(x[row * FEATURES]! > 0 === (label === 1));
    return x[row * FEATURES + label]! > 0 ? 1 : 0;
  });
  return { x: float32([rows, FEATURES], x), y: uint8([rows, labels], y) };
}

/** The rows from `from` to before `to`. */
export function rows({ x, y }: Toy, from: number, to: number): Toy {
  const cut = <A extends NdArray>({ shape: [all = 1, ...rest], data, ...array }: A) => {
    const width = data.length / all;
    return { ...array, shape: [to - from, ...rest], data: data.slice(from * width, to * width) };
  };
  return { x: cut(x) as Toy['x'], y: cut(y) as Toy['y'] };
}

const excludeEachOther = ({ tags }: Head) => !tags?.needsNegatives && !tags?.multiLabel;
