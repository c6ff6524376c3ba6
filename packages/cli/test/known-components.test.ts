import { knownComponents } from '@kindred/core/host';
import { expect, it } from 'vitest';

import { builtInRegistry } from './support/built-in.js';

it("core's hints about where a component comes from name exactly what the built-in plugins contribute", async () => {
  const contributed = (await builtInRegistry())
    .list()
    .filter(({ plugin }) => plugin !== '@kindred/core')
    .map(({ plugin, kind, name }) => ({ plugin, kind, name }));
  const sorted = (list: readonly object[]) => list.map((entry) => JSON.stringify(entry)).sort();
  expect(sorted(knownComponents())).toEqual(sorted(contributed));
});
