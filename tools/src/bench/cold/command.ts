import { defaultCacheDir } from '@kindred/core/host';

import type { Bench } from '../command.js';

import { benchCold } from './cold-bench.js';

export const cold: Bench = {
  name: 'cold',
  summary: 'The first prediction of a new process, against a script that does the same with PyTorch.',
  options: {
    bundle: { type: 'string' },
    image: { type: 'string' },
    python: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    cache: { type: 'string', default: defaultCacheDir() },
    out: { type: 'string', default: 'bench-cold.json' },
  },
  help: `
  --bundle DIR     a trained bundle with ResNet-50 and one head
  --image FILE     what to predict
  --python PATH    a Python with torch, numpy and pillow
  --rounds N       how often each side runs                            (default 7)
  --cache DIR      where fetched weights are kept                      (default KINDRED_CACHE, else the user's cache folder)
  --out FILE       where the JSON goes                                 (default bench-cold.json)`,
  run: (given, print) =>
    benchCold(
      {
        bundle: given.required('bundle'),
        image: given.required('image'),
        python: given.required('python'),
        rounds: given.count('rounds'),
        cacheDir: given.required('cache'),
        out: given.required('out'),
      },
      print,
    ),
};
