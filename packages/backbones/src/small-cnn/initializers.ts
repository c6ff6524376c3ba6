import { float32, sizeOf, type NdArray, type Random } from '@kindred/core';

import type { ActivationName } from './activations.js';

/**
 * Starting values of a kernel whose last two axes are `[in, out]`: uniform after He (2015, arXiv:1502.01852) before a
 * rectifier, which halves the variance, and after Glorot (2010) before anything else.
 */
export function kernel(shape: readonly number[], activation: ActivationName, random: Random): NdArray<'float32'> {
  const [inputs, outputs] = shape.slice(-2) as [number, number];
  const field = sizeOf(shape.slice(0, -2));
  const rectifies = activation === 'relu' || activation === 'elu';
  const variance = rectifies ? 2 / (field * inputs) : 2 / (field * (inputs + outputs));
  // A uniform distribution in [-a, a] has the variance a² / 3.
  const limit = Math.sqrt(3 * variance);
  return float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => limit * (2 * random.next() - 1)),
  );
}

/** `size` times the same value. */
export function constant(size: number, value: number): NdArray<'float32'> {
  return float32([size], new Float32Array(size).fill(value));
}
