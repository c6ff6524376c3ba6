import { defineDataset } from '../../plugin/define.js';

import { loadCsv } from './load-csv.js';
import { csvOptions } from './options.js';

/** Images listed in a CSV file, with labels one-hot or as a list in one column. */
export const csvDataset = defineDataset({
  name: 'csv',
  version: 1,
  summary: 'Images listed in a CSV file, with one column for each label or a list of labels in one column.',
  options: csvOptions,
  load: loadCsv,
});
