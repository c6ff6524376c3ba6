import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

/**
 * Settings of every package's tests: workspace packages are read from their sources.
 * @param {string} root
 */
export function shared(root) {
  return defineConfig({
    root,
    resolve: { conditions: ['@kindred/source', 'node', 'import', 'module', 'default'] },
    ssr: { resolve: { conditions: ['@kindred/source', 'node', 'import', 'module', 'default'] } },
    test: {
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      exclude: ['**/node_modules/**', '**/dist/**'],
      pool: 'forks',
      execArgv: ['--import', new URL('./vitest.typescript.js', import.meta.url).href],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      passWithNoTests: false,
      reporters: ['default', fileURLToPath(new URL('./vitest.closing-line.js', import.meta.url))],
    },
  });
}
