import { KindredError, type NdArrays, type Program } from '@kindred/core';

import { describeInputs } from '../trace/input-specs.js';

/** @throws KINDRED_ENGINE_INPUT unless every value is one of the program's variables, of its type and shape. */
export function assertVariables(program: Program, values: NdArrays): void {
  for (const [name, value] of Object.entries(values)) {
    const variable = program.variables?.[name];
    if (variable?.dtype === value.dtype && variable.shape.join() === value.shape.join()) continue;
    const expected = variable ? describeInputs({ [name]: variable }) : `one of ${names(program)}`;
    throw new KindredError('KINDRED_ENGINE_INPUT', {
      message: `A variable of the program ${program.name} must be ${expected}. Got ${describeInputs({ [name]: value })}.`,
      received: name,
    });
  }
}

function names(program: Program): string {
  return Object.keys(program.variables ?? {}).join(', ') || 'none, as it has no variables';
}
