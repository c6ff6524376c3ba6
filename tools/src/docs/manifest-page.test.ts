import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { builtInRegistry } from './built-in-registry.js';
import { manifestPage } from './manifest-page.js';

describe('docs/MANIFEST.md', () => {
  it('is in step with the schema: else run `npm run docs`', async () => {
    const committed = await readFile(new URL('../../../docs/MANIFEST.md', import.meta.url), 'utf8');
    expect(committed).toBe(manifestPage(await builtInRegistry()));
  });

  it('has a heading for every component', async () => {
    const registry = await builtInRegistry();
    const page = manifestPage(registry);
    for (const { name } of registry.list()) expect(page).toContain(`\n### \`${name}\`\n`);
  });
});
