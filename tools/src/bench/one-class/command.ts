import { defaultCacheDir } from '@kindred/core/host';

import type { Bench } from '../command.js';

import { benchOneClass } from './one-class-bench.js';

export const oneClass: Bench = {
  name: 'one-class',
  summary: 'How well one-class manifests tell wanted images from others, over several seeds.',
  options: {
    data: { type: 'string' },
    manifests: { type: 'string' },
    fit: { type: 'string', default: '200' },
    seeds: { type: 'string', default: '1,2,3' },
    cache: { type: 'string', default: defaultCacheDir() },
    out: { type: 'string', default: 'bench-one-class.json' },
  },
  help: `
  --data DIR         a folder for each class
  --manifests FILES  one-class manifests, commas between them
  --fit N            normal images to fit on when ranking is measured    (default 200)
  --seeds LIST       seeds of split and fit                              (default 1,2,3)
  --cache DIR        where features and weights are kept                 (default KINDRED_CACHE, else the user's cache folder)
  --out FILE         where the JSON goes                                 (default bench-one-class.json)`,
  run: (given, print) =>
    benchOneClass(
      {
        data: given.required('data'),
        manifests: given.required('manifests').split(','),
        fit: given.count('fit'),
        seeds: given.required('seeds').split(',').map(Number),
        cacheDir: given.required('cache'),
        out: given.required('out'),
      },
      print,
    ),
};
