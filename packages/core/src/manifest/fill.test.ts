import { describe, expect, it } from 'vitest';

import { testRegistry } from '../../test/support/components.js';

import { fillManifest } from './fill.js';
import { parseManifest } from './source.js';

const fill = (manifest: object) => fillManifest(parseManifest(JSON.stringify(manifest), 'm.json'), testRegistry);
const shortest = {
  kindred: 1,
  name: 'shapes',
  data: { use: 'folder', path: 'images' },
  backbone: 'pixels',
  head: 'linear',
};
const linear = {
  use: 'linear@2',
  hidden: [],
  rate: 0.5,
  activation: 'relu',
  bias: true,
  loss: { use: 'squared@1', weight: 1 },
};
const settings = {
  split: { strategy: 'auto', validation: 0.1, test: 0.1 },
  onError: 'fail',
  limitInputPixels: 100_000_000,
};

describe('fillManifest', () => {
  it('puts every default in place, and builds nothing: the components of this registry throw if they are asked to', () => {
    expect(fill(shortest)).toEqual({
      kindred: 1,
      name: 'shapes',
      seed: 42,
      plugins: ['@kindred/backbones', '@kindred/heads', '@kindred/detectors'],
      engine: { use: 'onnx@1' },
      data: {
        use: 'folder@1',
        path: 'images',
        labels: 'folder',
        extensions: ['jpg', 'jpeg', 'png', 'webp', 'gif', 'tif', 'tiff', 'avif'],
        ...settings,
      },
      backbone: { use: 'pixels@1', precision: 'float32' },
      branches: { main: { transforms: [], head: linear } },
      training: {
        epochs: 10,
        batchSize: 64,
        optimizer: { use: 'adam@1', learningRate: 0.001 },
        restoreBest: false,
        warmup: 0,
      },
    });
  });

  it('fills a dataset that is named alone as one that is written with its options', () => {
    expect(fill({ ...shortest, data: 'blank' }).data).toEqual({ use: 'blank@1', ...settings });
    expect(fill({ ...shortest, data: { use: 'blank' } }).data).toEqual({ use: 'blank@1', ...settings });
  });

  it('fills what int8 needs only where it is asked for, and again to the same', () => {
    const int8 = { use: 'pixels@1', precision: 'int8', calibrationImages: 200, maxDrift: 0.02 };
    expect(fill({ ...shortest, backbone: { use: 'pixels', precision: 'int8' } }).backbone).toEqual(int8);
    expect(fill({ ...shortest, backbone: { use: 'pixels', precision: 'float32' } }).backbone).toEqual({
      use: 'pixels@1',
      precision: 'float32',
    });
    const chosen = { ...int8, calibrationImages: 50, maxDrift: 0.1 };
    expect(fill({ ...shortest, backbone: chosen }).backbone).toEqual(chosen);
  });

  it('fills references inside of options', () => {
    const { branches } = fill({ ...shortest, head: { use: 'linear', loss: { use: 'squared', weight: 2 } } });
    expect(branches['main']?.head?.['loss']).toEqual({ use: 'squared@1', weight: 2 });
  });

  it('leaves the manifest that it is given as it is', () => {
    const source = parseManifest(JSON.stringify(shortest), 'm.json');
    fillManifest(source, testRegistry);
    expect(source.value).toEqual(shortest);
  });

  it.each<[string, object]>([
    ['the shortest', shortest],
    ['a dataset by name', { ...shortest, data: 'blank' }],
    ['a pinned version', { ...shortest, head: 'linear@2' }],
    ['a detector', { ...shortest, head: undefined, detector: 'distance', calibrator: 'same' }],
    [
      'several branches',
      {
        ...shortest,
        head: undefined,
        branches: {
          one: { head: { use: 'linear', title: 'One' }, thresholds: 'half' },
          two: { transforms: [{ use: 'scale', by: 2 }], detector: 'distance' },
        },
      },
    ],
    [
      'one-hot labels',
      { ...shortest, data: { use: 'csv', path: 'a.csv', image: '{Id}', labels: { columns: 'one-hot' } } },
    ],
    [
      'a list of labels',
      { ...shortest, data: { use: 'csv', path: 'a.csv', image: '{Id}', labels: { format: 'list', column: 'tags' } } },
    ],
    ['metrics and patience', { ...shortest, metrics: ['f1', { use: 'top-k-hit', k: 5 }], training: { patience: 3 } }],
  ])('gives for what it gave the same again: %s', (_, manifest) => {
    const filled = fill(manifest);
    expect(fill(JSON.parse(JSON.stringify(filled)) as object)).toEqual(filled);
  });
});
