import { defineDataset } from '../../plugin/define.js';

import { loadFolder } from './load-folder.js';
import { folderOptions } from './options.js';

/** Images in folders, one class a folder. */
export const folderDataset = defineDataset({
  name: 'folder',
  version: 1,
  summary: 'Images in folders: each subfolder is a class, its name the label of the images in it.',
  options: folderOptions,
  load: loadFolder,
});
