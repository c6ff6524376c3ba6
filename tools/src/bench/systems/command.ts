import { defaultCacheDir } from '@kindred/core/host';

import type { Bench } from '../command.js';

import { benchSystems } from './systems-bench.js';

export const systems: Bench = {
  name: 'systems',
  summary: 'What every training system of the examples reaches on real data, over several seeds.',
  options: {
    data: { type: 'string', default: process.env['KINDRED_DATA'] ?? '../shared/data' },
    only: { type: 'string' },
    seeds: { type: 'string', default: '1,2,3' },
    cache: { type: 'string', default: defaultCacheDir() },
    out: { type: 'string', default: 'bench-systems.json' },
  },
  help: `
  --data DIR     the folders cage, cats-dogs, faces, food, irrelevant, omniglot, posters  (default KINDRED_DATA, else ../shared/data)
  --only NAMES   manifests of examples without .json, commas between them   (default all of these)
  --seeds LIST   seeds of split and training                                (default 1,2,3)
  --cache DIR    where features and weights are kept                        (default KINDRED_CACHE, else the user's cache folder)
  --out FILE     where the JSON goes                                        (default bench-systems.json)`,
  run: (given, print) =>
    benchSystems(
      {
        data: given.required('data'),
        only: given.text('only')?.split(','),
        seeds: given.required('seeds').split(',').map(Number),
        cacheDir: given.required('cache'),
        out: given.required('out'),
      },
      print,
    ),
};
