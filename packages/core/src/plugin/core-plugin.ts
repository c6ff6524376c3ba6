import { csvDataset } from '../data/csv/csv-dataset.js';
import { folderDataset } from '../data/folder/folder-dataset.js';
import { metricComponents } from '../metrics/components.js';

import { API_VERSION, type Plugin } from './contract.js';

/** What core itself contributes; it is always loaded. */
export const corePlugin: Plugin = {
  name: '@kindred/core',
  apiVersion: API_VERSION,
  components: [csvDataset, folderDataset, ...metricComponents],
};
