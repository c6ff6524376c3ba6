import { expect, it } from 'vitest';

import * as backbones from './index.js';

it('exports what docs name, and a plugin of every backbone and augmentation', () => {
  expect(Object.keys(backbones).sort()).toEqual([
    'augmentations',
    'brightness',
    'buildLayersModel',
    'contrast',
    'crop',
    'cutout',
    'default',
    'horizontalFlip',
    'mixup',
    'networkFromLayersModel',
    'resnet50',
    'rotation',
    'saturation',
    'shear',
    'shift',
    'smallCnn',
    'verticalFlip',
    'zoom',
  ]);
  const { name, apiVersion, components } = backbones.default;
  expect({
    name,
    apiVersion,
    components: components.map((component) => `${component.kind} ${component.name}`),
  }).toEqual({
    name: '@kindred/backbones',
    apiVersion: 1,
    components: [
      'backbone resnet50',
      'backbone small-cnn',
      'augmentation horizontal-flip',
      'augmentation vertical-flip',
      'augmentation rotation',
      'augmentation shear',
      'augmentation zoom',
      'augmentation shift',
      'augmentation crop',
      'augmentation brightness',
      'augmentation contrast',
      'augmentation saturation',
      'augmentation cutout',
      'augmentation mixup',
    ],
  });
});
