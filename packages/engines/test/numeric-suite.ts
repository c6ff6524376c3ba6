import { prepareTfGradients, type Engine } from '@kindred/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkNumericCase, numericCases } from '../src/testing/index.js';

/** Cases by name that an engine is known to fail, each with the reason. */
export type KnownFailures = Readonly<Record<string, string>>;

/** Registers the whole numeric suite for `engine`, which it disposes of at the end. Known failures must fail. */
export function describeNumericSuite(engine: Engine, known: KnownFailures): void {
  beforeAll(prepareTfGradients);
  afterAll(() => engine.dispose());

  const names = Object.values(numericCases).flatMap((cases) => cases.map(({ name }) => name));
  it('has a name for each case, and known failures among them', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(Object.keys(known)));
  });

  describe.each(Object.entries(numericCases))(`${engine.name}: %s`, (_, cases) => {
    for (const test of cases) {
      const reason = known[test.name];
      if (reason === undefined) it(test.name, () => checkNumericCase(engine, test));
      else it.fails(`${test.name}: ${reason}`, () => checkNumericCase(engine, test));
    }
  });
}
