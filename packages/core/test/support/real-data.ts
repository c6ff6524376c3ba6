import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The folder of real images, if this machine has it: `KINDRED_DATA`, else `../shared/data` beside the project. */
export const realData = [process.env['KINDRED_DATA'], path.resolve(root, '../shared/data')].find(
  (folder) => folder !== undefined && existsSync(folder),
);
