import { expect, it } from 'vitest';

import * as backbones from './index.js';

it('exports what docs name, and a plugin of every backbone', () => {
  expect(Object.keys(backbones).sort()).toEqual([
    'buildLayersModel',
    'default',
    'networkFromLayersModel',
    'resnet50',
    'smallCnn',
  ]);
  const { name, apiVersion, components } = backbones.default;
  expect({
    name,
    apiVersion,
    components: components.map((component) => `${component.kind} ${component.name}`),
  }).toEqual({
    name: '@kindred/backbones',
    apiVersion: 1,
    components: ['backbone resnet50', 'backbone small-cnn'],
  });
});
