import { float32, type NdArray, type Random } from '@kindred/core';

/** Uniform within `sqrt(6 / (inputs + outputs))` of 0: Keras' `glorot_uniform` (Glorot and Bengio 2010). `[inputs, outputs]`. */
export const glorotUniform = (inputs: number, outputs: number, random: Random): NdArray<'float32'> =>
  uniform(inputs, outputs, Math.sqrt(6 / (inputs + outputs)), random);

/** Uniform within `sqrt(6 / inputs)` of 0: Keras' `he_uniform` (He et al. 2015). `[inputs, outputs]`. */
export const heUniform = (inputs: number, outputs: number, random: Random): NdArray<'float32'> =>
  uniform(inputs, outputs, Math.sqrt(6 / inputs), random);

function uniform(inputs: number, outputs: number, limit: number, random: Random): NdArray<'float32'> {
  const values = Float32Array.from({ length: inputs * outputs }, () => (2 * random.next() - 1) * limit);
  return float32([inputs, outputs], values);
}
