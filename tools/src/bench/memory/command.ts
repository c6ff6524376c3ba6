import type { Bench } from '../command.js';

import { benchMemory } from './memory-bench.js';

export const memory: Bench = {
  name: 'memory',
  summary: 'How memory grows over many predictions in one process. Exits with 1 if it does not stay flat.',
  options: {
    predictions: { type: 'string', default: '10000' },
    out: { type: 'string', default: 'bench-memory.json' },
  },
  help: `
  --predictions N  how many, through the host API and again through the engine alone   (default 10000)
  --out FILE       where the JSON goes                                                   (default bench-memory.json)`,
  run: (given, print) => benchMemory({ predictions: given.count('predictions'), out: given.required('out') }, print),
};
