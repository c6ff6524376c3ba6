import type { Bench } from '../command.js';

import { benchDetectors } from './detectors-bench.js';

export const detectors: Bench = {
  name: 'detectors',
  summary: 'Fit and score of detectors, pca and standard-scaler, against scikit-learn.',
  options: {
    python: { type: 'string' },
    rows: { type: 'string', default: '1500' },
    columns: { type: 'string', default: '512' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    out: { type: 'string', default: 'bench-detectors.json' },
  },
  help: `
  --python PATH    a Python with scikit-learn and SciPy
  --rows N,M       training images, and as many to score               (default 1500)
  --columns N      features of each                                    (default 512)
  --rounds N       how often each side runs                            (default 5)
  --only A,B       these components alone
  --out FILE       where the JSON goes                                 (default bench-detectors.json)`,
  async run(given, print) {
    await benchDetectors(
      {
        python: given.required('python'),
        rows: given.required('rows').split(',').map(rowCount),
        columns: given.count('columns'),
        rounds: given.count('rounds'),
        only: given.text('only')?.split(','),
        out: given.required('out'),
      },
      print,
    );
  },
};

function rowCount(text: string): number {
  const rows = Number(text);
  if (Number.isInteger(rows) && rows >= 2) return rows;
  throw new TypeError(`--rows must be whole numbers above 1, separated by commas. Got ${text}.`);
}
