import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

import { testRegistry } from '../../test/support/components.js';
import { corePlugin } from '../plugin/core-plugin.js';
import { createRegistry } from '../plugin/registry.js';

import { fillManifest } from './fill.js';
import { manifestJsonSchema } from './json-schema.js';
import { parseManifest } from './source.js';

/** Strict but for `required` without `properties` beside it, as in "either head or detector". */
const createAjv = () => new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
const schema = manifestJsonSchema(testRegistry);
const validate = createAjv().compile(schema);
const good = {
  $schema: './kindred.schema.json',
  kindred: 1,
  name: 'shapes',
  data: { use: 'folder', path: 'images', split: { test: 0.2 } },
  backbone: 'pixels',
  head: { use: 'linear@2', loss: { use: 'squared', weight: 2 } },
};

describe('the JSON schema of manifests', () => {
  it.each<[string, object]>([
    ['options, nested ones and core settings', good],
    ['names alone', { ...good, data: 'blank', head: 'linear' }],
    [
      'branches',
      { ...good, head: undefined, branches: { a: { transforms: [{ use: 'scale', by: 2 }], detector: 'distance' } } },
    ],
    [
      'a filled manifest',
      fillManifest(parseManifest(JSON.stringify({ ...good, $schema: undefined }), 'm.json'), testRegistry),
    ],
  ])('accepts %s', (_, manifest) => {
    const valid = validate(JSON.parse(JSON.stringify(manifest)));
    expect(validate.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a list', []],
    ['a missing backbone', { ...good, backbone: undefined }],
    ['an unknown key', { ...good, hed: 1 }],
    ['an unknown component', { ...good, backbone: 'pixel' }],
    ['an unknown option', { ...good, head: { use: 'linear', hiden: [] } }],
    ['a bad value', { ...good, head: { use: 'linear', rate: 1 } }],
    ['a bad value of a nested component', { ...good, head: { use: 'linear', loss: { use: 'squared', weight: 0 } } }],
    ['the short form of a component that needs options', { ...good, transforms: ['scale'] }],
    ['a bad split', { ...good, data: { use: 'folder', path: 'x', split: { strategy: 'rand' } } }],
    ['neither head nor detector', { ...good, head: undefined }],
    ['both', { ...good, detector: 'distance' }],
    ['an empty branch', { ...good, head: undefined, branches: { a: {} } }],
  ])('refuses %s', (_, manifest) => {
    expect(validate(JSON.parse(JSON.stringify(manifest)))).toBe(false);
  });

  it('has every option of every component, with its description', () => {
    const { $defs } = schema as { $defs: Record<string, { anyOf?: { properties?: Record<string, unknown> }[] }> };
    const longForms = (kind: string) =>
      ($defs[kind]?.anyOf ?? []).flatMap(({ properties }) => (properties ? [properties] : []));
    expect(longForms('head').map((options) => Object.keys(options))).toEqual([
      ['use', 'hidden', 'rate', 'activation', 'bias', 'title', 'loss'],
    ]);
    const settings = [
      'split',
      'oneClass',
      'validation',
      'test',
      'negatives',
      'reference',
      'onError',
      'limitInputPixels',
    ];
    expect(longForms('dataset').map((options) => Object.keys(options))).toEqual([
      ['use', 'path', 'image', 'id', 'delimiter', 'labels', ...settings],
      ['use', 'path', 'labels', 'classes', 'extensions', ...settings],
      ['use', ...settings],
    ]);
    expect(longForms('head')[0]?.['loss']).toEqual({ $ref: '#/$defs/loss', default: 'squared' });
    expect(longForms('dataset')[0]?.['path']).toMatchObject({ description: 'The CSV file.' });
  });

  it('is whole also where no plugin contributes to a kind', () => {
    const validateCore = createAjv().compile(manifestJsonSchema(createRegistry([corePlugin])));
    expect(validateCore(good)).toBe(false);
  });
});
