import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { COMPONENT_KINDS, type Component } from '@kindred/core';
import { defaultCacheDir } from '@kindred/core/host';
import { checksOf } from '@kindred/core/testing';
import { globSync } from 'tinyglobby';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { builtInRegistry } from './support/built-in.js';
import { drawShape } from './support/images.js';

const registry = await builtInRegistry();
const folder = await mkdtemp(path.join(tmpdir(), 'kindred-contract-'));
const weights = publishedWeights();

/** Options for components whose defaults are not enough, or too much for plain JavaScript. */
const OPTIONS: Readonly<Record<string, object>> = {
  csv: {
    path: path.join(folder, 'shapes.csv'),
    image: '{class}/{id}.png',
    id: 'id',
    labels: { columns: ['red', 'blue'] },
  },
  folder: { path: folder },
  'small-cnn': {
    input: { width: 20, height: 16 },
    layers: [{ conv: 4, kernel: 3, strides: 2 }, { batchNorm: true }, { pool: 2 }, { flatten: true }, { dense: 7 }],
  },
  resnet50: { weights, size: 64 },
};

/** Components that cannot be checked here, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  tensorflow: 'it has to be installed: the tests of @kindred/engines check it where it is',
  ...(weights === undefined && { resnet50: 'no weights in the cache' }),
};

beforeAll(async () => {
  const rows = ['id,class,red,blue'];
  for (const [i, name] of ['red', 'blue', 'red', 'blue'].entries()) {
    await mkdir(path.join(folder, name), { recursive: true });
    await writeFile(path.join(folder, name, `${i}.png`), await drawShape(i, { red: name === 'red', round: i < 2 }));
    rows.push(`${i},${name},${Number(name === 'red')},${Number(name === 'blue')}`);
  }
  await writeFile(path.join(folder, 'shapes.csv'), rows.join('\n'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(COMPONENT_KINDS.filter((kind) => registry.all(kind).length > 0))(
  'every %s keeps its contract',
  (kind) => {
    const components: readonly Component[] = registry.all(kind).map(({ component }) => component);
    const cases = components.flatMap((component) =>
      checksOf(component).map((check) => [component.name, check.name, component, check] as const),
    );

    it('which has checks', () => {
      expect(components.filter((component) => checksOf(component).length === 0)).toEqual([]);
    });

    it.for(cases)('%s: %s', { timeout: 300_000 }, async ([name, , component, check], { skip }) => {
      const reason = LEFT_OUT[name];
      skip(reason !== undefined, reason);
      await check.run(component, OPTIONS[name]);
    });
  },
);

/** The folder of ResNet-50's published weights in the cache, if an earlier run fetched them. */
function publishedWeights(): string | undefined {
  const cache = process.env['KINDRED_CACHE'] ?? defaultCacheDir();
  const [model] = existsSync(cache) ? globSync('weights/*/package/ResNet50/model.json', { cwd: cache }) : [];
  return model === undefined ? undefined : path.dirname(path.join(cache, model));
}
