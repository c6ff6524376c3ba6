import type { KindredError } from '../../errors/kindred-error.js';

import type { Header } from './header.js';
import { listReader } from './list-reader.js';
import { oneHotReader } from './one-hot-reader.js';
import type { LabelOptions } from './options.js';
import type { Row } from './read-rows.js';

/** Reads the labels of each row of a CSV file. */
export interface LabelReader {
  /** The row's labels; mistakes go to `report`. */
  read(row: Row, report: (issue: KindredError) => void): readonly string[];
  /** All labels in their lasting order, once every row was read. */
  labels(): readonly string[];
}

/** @param used Columns that serve as id or image, which are never labels. */
export function labelReader(options: LabelOptions | undefined, header: Header, used: ReadonlySet<string>): LabelReader {
  if (options === undefined) return { read: () => [], labels: () => [] };
  return 'columns' in options ? oneHotReader(options, header, used) : listReader(options, header);
}
