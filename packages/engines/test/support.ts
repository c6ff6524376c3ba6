import type { Engine, NdArray } from '@kindred/core';
import { expect } from 'vitest';

import { checkNumericCase, difference, type NumericCase } from '../src/testing/index.js';

export { engineResults as compiled, numbers, wholes, type NumericCase as Case } from '../src/testing/index.js';

/** Expects the engine's values and gradients to be those of tfjs' CPU backend. */
export async function expectEqualToEager(engine: Engine, test: NumericCase): Promise<void> {
  await checkNumericCase(engine, test);
}

/** Expects equal types and shapes, and values that differ by at most `tolerance` times the greatest of them. */
export function expectClose(actual: NdArray, expected: NdArray, tolerance: number, name = 'array'): void {
  expect(`${name}${difference(actual, expected, tolerance)}`).toBe(name);
}
