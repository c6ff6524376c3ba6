import type { Node, Value } from './graph.js';

/** The window of a convolution or a pooling; pairs are height and width, `pads` top, left, bottom, right. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
}

/** `[height, width, C, F]`: the gradient of a convolution's filter. */
export interface FilterGradient {
  readonly of: 'filter';
  /** What was convolved, `[N, C, H, W]`. */
  readonly images: Value;
  /** The gradient of the convolution's result, `[N, F, H', W']`. */
  readonly dy: Value;
  readonly window: Window;
}

/** `[N, C, H, W]`: the gradient of what was pooled. Each window's goes to its first greatest element in row-major order. */
export interface MaxPoolGradient {
  readonly of: 'max-pool';
  readonly images: Value;
  /** The greatest elements and their gradient, `[N, C, H', W']`. */
  readonly pooled: Value;
  readonly dy: Value;
  readonly window: Window;
}

export type Gradient = FilterGradient | MaxPoolGradient;

const known = new WeakMap<Value, Gradient>();

/**
 * Notes what `value` is. The nodes that compute it stay as they are; a pass that has a faster way for some layout may compute it
 * anew, and nobody has to recognise it by its nodes.
 */
export function noteGradient(value: Value, gradient: Gradient): void {
  known.set(value, gradient);
}

export const gradientOf = (value: Value): Gradient | undefined => known.get(value);

const convolutions = new WeakMap<Value, Node>();

/** Notes that `conv`, the result of a Conv, is the same as `value` and better in a layout that makes convolutions faster. */
export function noteConvolution(value: Value, conv: Value): void {
  if (conv.source.kind === 'node') convolutions.set(value, conv.source.node);
}

/** The Conv that computes `value` as well. */
export const convolutionOf = (value: Value): Node | undefined => convolutions.get(value);
