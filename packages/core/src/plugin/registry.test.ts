import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { kindredErrorOf } from '../../test/support/catch-error.js';

import { defineLoss, definePlugin } from './define.js';
import { createRegistry, optionsOf, parseUse } from './registry.js';

const loss = (name: string, version: number) =>
  defineLoss({ name, version, summary: `${name} ${version}`, options: z.strictObject({}), create: () => (x) => x });
const plugin = (name: string, ...components: ReturnType<typeof loss>[]) =>
  definePlugin({ name, apiVersion: 1, components });

describe('a registry', () => {
  const registry = createRegistry([
    plugin('a', loss('hinge', 1), loss('focal', 1)),
    plugin('b', loss('hinge', 10), loss('hinge', 2)),
  ]);

  it.each([
    ['hinge', 10, 'b'],
    ['hinge@2', 2, 'b'],
    ['hinge@1', 1, 'a'],
    ['focal', 1, 'a'],
  ])('%s is version %i of %s', (use, version, from) => {
    const { component, plugin: provider } = registry.get('loss', use);
    expect([component.version, provider]).toEqual([version, from]);
  });

  it('lists what it holds, newest first', () => {
    expect(registry.list()).toEqual([
      { kind: 'loss', name: 'hinge', version: 10, summary: 'hinge 10', plugin: 'b' },
      { kind: 'loss', name: 'hinge', version: 2, summary: 'hinge 2', plugin: 'b' },
      { kind: 'loss', name: 'hinge', version: 1, summary: 'hinge 1', plugin: 'a' },
      { kind: 'loss', name: 'focal', version: 1, summary: 'focal 1', plugin: 'a' },
    ]);
    expect(registry.all('head')).toEqual([]);
  });

  it.each([
    ['an unknown name', 'loss', 'hing', 'KINDRED_MANIFEST_UNKNOWN_COMPONENT', 'Did you mean "hinge"?'],
    ['a name that no other is near', 'loss', 'zzz', 'KINDRED_MANIFEST_UNKNOWN_COMPONENT', 'Known: hinge, focal.'],
    [
      'a kind without components',
      'engine',
      'x',
      'KINDRED_MANIFEST_UNKNOWN_COMPONENT',
      'No loaded plugin contributes an engine.',
    ],
    [
      'one of a known package',
      'optimizer',
      'adam',
      'KINDRED_MANIFEST_UNKNOWN_COMPONENT',
      '@kindred/heads provides it: add it to "plugins".',
    ],
    ['a name of every object', 'loss', 'toString', 'KINDRED_MANIFEST_UNKNOWN_COMPONENT', 'Known: hinge, focal.'],
    [
      'a version that is not there',
      'loss',
      'hinge@3',
      'KINDRED_MANIFEST_COMPONENT_VERSION',
      'Available: hinge@10, hinge@2, hinge@1. An older version of b may have it.',
    ],
  ] as const)('refuses %s', async (_, kind, use, code, hint) => {
    expect(await kindredErrorOf(() => registry.get(kind, use))).toMatchObject({ code, hint, received: use });
  });

  it('refuses two components of one kind, name and version, and names both plugins', async () => {
    const error = await kindredErrorOf(() => createRegistry([plugin('a', loss('x', 1)), plugin('b', loss('x', 1))]));
    expect(error.code).toBe('KINDRED_PLUGIN_DUPLICATE');
    expect(error.message).toBe('The loss x@1 must come from one plugin. Got it from a and from b.');
  });
});

it.each([
  ['a', { name: 'a' }],
  ['a@2', { name: 'a', version: 2 }],
  ['a@', { name: 'a@' }],
  ['a@x', { name: 'a@x' }],
])('%s is read as %j', (use, parts) => {
  expect(parseUse(use)).toEqual(parts);
});

it('the options of a reference are all but its name', () => {
  expect(optionsOf({ use: 'a', k: 3 })).toEqual({ k: 3 });
});
