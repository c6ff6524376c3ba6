import { KindredError, type DType, type NdArrays } from '@kindred/core';

import type { InputSpecs } from '../trace/input-specs.js';

import { ELEMENT_TYPES } from './check-tensor.js';
import { Flaw } from './model-error.js';
import type { FileValue } from './onnx-file.js';

/** An input or output of a model: fixed dimensions are numbers, others have a name. */
export interface OnnxModelValue {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly (number | string)[];
}

const DTYPES: ReadonlyMap<number, DType> = new Map([
  [1, 'float32'],
  [2, 'uint8'],
  [6, 'int32'],
  [9, 'bool'],
]);

/** What a model must be fed. @throws Flaw for a type that no array of Kindred's has */
export function inputValues(inputs: readonly FileValue[]): OnnxModelValue[] {
  return inputs.map((input) => {
    const value = asValue(input);
    if (value) return value;
    const type = input.shape ? (ELEMENT_TYPES.get(input.type ?? 0)?.name ?? 'no tensor') : 'of no stated shape';
    throw new Flaw(
      'take tensors of float32, int32, uint8 or bool with a stated number of dimensions',
      `its input "${input.name}" is ${type}`,
      'Cast inside of the model, and export it with shapes.',
    );
  });
}

/** The outputs that can be handed on; others (int64 indices, say) are left out. @throws Flaw if none is left */
export function outputValues(outputs: readonly FileValue[]): OnnxModelValue[] {
  const values = outputs.flatMap((output) => asValue({ ...output, shape: output.shape ?? [] }) ?? []);
  if (values.length > 0) return values;
  throw new Flaw(
    'give an output of float32, int32, uint8 or bool',
    `its outputs are ${outputs.map(({ name }) => `"${name}"`).join(', ')}`,
  );
}

function asValue({ name, type, shape }: FileValue): OnnxModelValue | undefined {
  const dtype = DTYPES.get(type ?? 0);
  // A dimension without a name has one by its place.
  return dtype && shape && { name, dtype, shape: shape.map((size, axis) => (size === '' ? `${name}.${axis}` : size)) };
}

/** The shapes of a first run: named dimensions are as `sizes` says, or 1. */
export function trialSpecs(inputs: readonly OnnxModelValue[], sizes: Readonly<Record<string, number>>): InputSpecs {
  const sizeOf = (size: number | string) =>
    typeof size === 'number' ? size : Object.hasOwn(sizes, size) ? (sizes[size] as number) : 1;
  return Object.fromEntries(inputs.map(({ name, dtype, shape }) => [name, { dtype, shape: shape.map(sizeOf) }]));
}

/** @throws KINDRED_ENGINE_INPUT unless `given` are just the inputs, of their types, and of shapes that fit them and each other. */
export function assertInputs(model: string, inputs: readonly OnnxModelValue[], given: NdArrays): void {
  const sizes = new Map<string, number>();
  const fits = (size: number | string, actual: number | undefined) => {
    if (actual === undefined || typeof size === 'number') return size === actual;
    const known = sizes.get(size) ?? actual;
    sizes.set(size, known);
    return known === actual;
  };
  for (const { name, dtype, shape } of inputs) {
    const array = given[name];
    const same = array?.dtype === dtype && array.shape.length === shape.length;
    if (same && shape.every((size, axis) => fits(size, array.shape[axis]))) continue;
    throw wrongInput(
      model,
      `its input "${name}" as ${dtype}[${shape.join(', ')}]`,
      array ? `${array.dtype}[${array.shape.join(', ')}]` : 'none',
    );
  }
  const unknown = Object.keys(given).find((name) => !inputs.some((input) => input.name === name));
  if (unknown !== undefined)
    throw wrongInput(model, `the inputs ${inputs.map(({ name }) => name).join(', ')}`, `"${unknown}" as well`);
}

function wrongInput(model: string, must: string, received: string): KindredError {
  return new KindredError('KINDRED_ENGINE_INPUT', {
    message: `The model ${model} must be given ${must}. Got ${received}.`,
    received,
  });
}
