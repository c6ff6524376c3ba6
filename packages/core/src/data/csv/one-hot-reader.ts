import path from 'node:path';

import { KindredError } from '../../errors/kindred-error.js';

import type { Header } from './header.js';
import type { LabelReader } from './label-reader.js';
import type { LabelOptions } from './options.js';

type OneHotOptions = Extract<LabelOptions, { columns: unknown }>;

/** `1.0` and `True` are how pandas writes them. */
const VALUES: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['1.0', true],
  ['true', true],
  ['0', false],
  ['0.0', false],
  ['false', false],
]);

/** One column for each label, in the order of the file or of `columns`. */
export function oneHotReader(options: OneHotOptions, header: Header, used: ReadonlySet<string>): LabelReader {
  const labels = options.columns === 'one-hot' ? remaining(options, header, used) : [...new Set(options.columns)];
  const indices = labels.map((label) => header.column(label, 'labels.columns'));
  // One message a column: if it is no label column at all, every row has the same mistake.
  const reported = new Set<number>();

  return {
    labels: () => labels,
    read({ line, fields }, report) {
      return labels.filter((label, i) => {
        const index = indices[i] ?? -1;
        const text = fields[index] ?? '';
        const value = VALUES.get(text.trim().toLowerCase());
        if (value === undefined && !reported.has(index)) {
          reported.add(index);
          report(notOneHot(header.file, line, label, text));
        }
        return value === true;
      });
    },
  };
}

function remaining(options: OneHotOptions, header: Header, used: ReadonlySet<string>): string[] {
  for (const name of options.ignore) header.column(name, 'labels.ignore');
  const ignored = new Set([...used, ...options.ignore]);
  const labels = header.names.filter((name) => !ignored.has(name));
  if (labels.length > 0) return labels;
  header.issues.add(
    new KindredError('KINDRED_DATA_COLUMN', {
      message: `"labels.columns": "one-hot" must leave label columns in ${path.basename(header.file)}. All ${header.names.length} are ignored, id or image.`,
      path: header.file,
      received: header.names,
      hint: 'For labels in one column, write "labels": { "column": "...", "format": "list" }.',
    }),
  );
  return [];
}

function notOneHot(file: string, line: number, column: string, text: string): KindredError {
  return new KindredError('KINDRED_DATA_LABEL', {
    message: `A one-hot column must hold 0 or 1. Got ${JSON.stringify(text)} in column "${column}", ${path.basename(file)} line ${line}.`,
    path: `${file}:${line}`,
    received: text,
    hint: `If "${column}" is no label, add it to "labels.ignore".`,
  });
}
