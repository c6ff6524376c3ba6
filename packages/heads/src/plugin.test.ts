import { API_VERSION } from '@kindred/core';
import { expect, it } from 'vitest';

import plugin from './index.js';

it('contributes these components, each usable with its defaults', () => {
  expect(plugin).toMatchObject({ name: '@kindred/heads', apiVersion: API_VERSION });
  expect(plugin.components.map(({ kind, name, version }) => `${kind} ${name}@${version}`)).toEqual([
    'head multi-label@1',
    'head binary@1',
    'head relevance@1',
    'head siamese@1',
    'head deep-one-class@1',
    'loss binary-cross-entropy@1',
    'loss focal@1',
    'loss asymmetric@1',
    'loss hinge@1',
    'loss squared-hinge@1',
    'loss mean-squared-error@1',
    'loss contrastive@1',
    'loss triplet@1',
    'optimizer sgd@1',
    'optimizer adam@1',
    'optimizer adamw@1',
    'schedule cosine@1',
    'schedule step@1',
    'schedule exponential@1',
    'schedule reduce-on-plateau@1',
  ]);
  for (const { options } of plugin.components) expect(options.safeParse({}).success).toBe(true);
});
