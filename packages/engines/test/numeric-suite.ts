import { prepareTfGradients, type Engine } from '@kindred/core';
import { afterAll, describe, expect, it } from 'vitest';

import { checkNumericCase, numericCases } from '../src/testing/index.js';

import { layerCases } from './layer-cases.js';
import { describeProperties } from './properties.js';
import { describeSlopes } from './slopes.js';

/** Cases by name that an engine is known to fail, each with the reason. */
export type KnownFailures = Readonly<Record<string, string>>;

/**
 * Registers the whole numeric suite for `engine`, which it disposes of at the end: all cases and layers against tfjs' CPU
 * backend, gradients against finite differences, and random shapes. Known failures must fail.
 */
export async function describeNumericSuite(engine: Engine, known: KnownFailures): Promise<void> {
  await prepareTfGradients();
  const layers = layerCases(await import('@tensorflow/tfjs-layers'));
  const families = { ...numericCases, layers };
  afterAll(() => engine.dispose());

  const names = Object.values(families).flatMap((cases) => cases.map(({ name }) => name));
  it('has a name for each case, and known failures among them', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(Object.keys(known)));
  });

  describe.each(Object.entries(families))(`${engine.name}: %s`, (_, cases) => {
    for (const test of cases) {
      const reason = known[test.name];
      if (reason === undefined) it(test.name, () => checkNumericCase(engine, test));
      else it.fails(`${test.name}: ${reason}`, () => checkNumericCase(engine, test));
    }
  });
  describeSlopes(engine);
  describeProperties(engine);
}
