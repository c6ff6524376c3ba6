import type { Bench } from '../command.js';

import type { TorchTrainingSettings } from './torch-training.js';
import { benchTraining } from './training-bench.js';

export const training: Bench = {
  name: 'training',
  summary: 'Training steps of a small CNN or of a dense head, against PyTorch.',
  options: {
    workload: { type: 'string', default: 'poster' },
    python: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    settings: { type: 'string' },
    tensorflow: { type: 'string' },
    compile: { type: 'boolean', default: false },
    out: { type: 'string', default: 'bench-training.json' },
  },
  help: `
  --workload NAME  poster: the CNN preset on 200x200 images, batches of 16; head: 2048-512-25 on features, batches of 64
                                                                       (default poster)
  --python PATH    a Python with torch
  --rounds N       how often each side runs                            (default 5)
  --settings JSON  PyTorch's settings, as an earlier run wrote them; without, the fastest are looked for
  --tensorflow DIR the cache folder with the engine tensorflow, which then takes part too
  --compile        look at torch.compile too, which takes minutes
  --out FILE       where the JSON goes                                 (default bench-training.json)`,
  async run(given, print) {
    const workload = given.required('workload');
    if (workload !== 'poster' && workload !== 'head') {
      throw new TypeError(`--workload must be poster or head. Got ${workload}.`);
    }
    await benchTraining(
      {
        workload,
        python: given.required('python'),
        rounds: given.count('rounds'),
        settings: given.json('settings') as TorchTrainingSettings | undefined,
        tensorflow: given.text('tensorflow'),
        compile: given.flag('compile'),
        out: given.required('out'),
      },
      print,
    );
  },
};
