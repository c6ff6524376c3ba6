import type { Value } from './graph.js';

/** The window of a convolution; pairs are height and width, `pads` top, left, bottom, right. */
export interface ConvWindow {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
}

/** What a gradient of a convolution's filter is made from. */
export interface FilterGradient {
  /** What was convolved, `[N, C, H, W]`. */
  readonly images: Value;
  /** The gradient of the convolution's result, `[N, F, H', W']`. */
  readonly dy: Value;
  readonly window: ConvWindow;
}

const known = new WeakMap<Value, FilterGradient>();

/**
 * Notes that `value`, `[height, width, C, F]`, is the gradient of a filter. The nodes that compute it stay as they are; a pass that
 * has a faster way for some layout may compute it anew, and nobody has to recognise it by its nodes.
 */
export function noteFilterGradient(value: Value, gradient: FilterGradient): void {
  known.set(value, gradient);
}

export const filterGradientOf = (value: Value): FilterGradient | undefined => known.get(value);
