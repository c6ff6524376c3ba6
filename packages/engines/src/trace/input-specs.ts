import type { DType, NdArrays } from '@kindred/core';

/** What a recording depends on: the inputs' types and shapes, not their values. */
export type InputSpecs = Readonly<Record<string, { readonly dtype: DType; readonly shape: readonly number[] }>>;

/** A text that is equal for inputs of equal names, types and shapes. */
export function signatureOf(inputs: InputSpecs | NdArrays): string {
  return Object.keys(inputs)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${inputs[name]?.dtype}[${inputs[name]?.shape.join()}]`)
    .join(' ');
}

/** Names, types and shapes for messages: `image: uint8[8, 224, 224, 3]`. */
export function describeInputs(inputs: InputSpecs | NdArrays): string {
  const parts = Object.entries(inputs).map(([name, { dtype, shape }]) => `${name}: ${dtype}[${shape.join(', ')}]`);
  return parts.length === 0 ? 'no inputs' : parts.join(', ');
}
