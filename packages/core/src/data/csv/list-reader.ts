import path from 'node:path';

import { KindredError } from '../../errors/kindred-error.js';
import { byCodePoint } from '../by-code-point.js';
import { unknownLabel } from '../labels.js';

import type { Header } from './header.js';
import type { LabelReader } from './label-reader.js';
import type { LabelOptions } from './options.js';
import { parsePythonList } from './python-list.js';

type ListOptions = Extract<LabelOptions, { column: string }>;

/** All labels in one column, in the order of `known`, else sorted: the order of the rows must not matter. */
export function listReader(options: ListOptions, header: Header): LabelReader {
  const index = header.column(options.column, 'labels.column');
  const known = options.known && new Set(options.known);
  const found = new Set<string>();
  // Rows with the same text share one array: there are far fewer combinations than rows.
  const seen = new Map<string, readonly string[]>();

  return {
    labels: () => [...(known ?? [...found].sort(byCodePoint))],
    read({ line, fields }, report) {
      const text = fields[index] ?? '';
      const before = seen.get(text);
      if (before !== undefined) return before;

      const items = options.format === 'list' ? splitList(text, options.separator) : parsePythonList(text);
      if (items === undefined) report(unreadable(header.file, line, options, text));
      const labels = [...new Set((items ?? []).map((item) => item.trim()).filter((item) => item !== ''))];
      for (const label of labels) {
        if (known === undefined) found.add(label);
        else if (!known.has(label)) {
          const where = `column "${options.column}", ${path.basename(header.file)} line ${line}`;
          report(unknownLabel(label, [...known], where, `${header.file}:${line}`));
        }
      }
      seen.set(text, labels);
      return labels;
    },
  };
}

/** Undefined for a Python list, whose brackets and quotes would become part of the labels. */
function splitList(text: string, separator: string): string[] | undefined {
  return /^\s*\[\s*(['"].*)?\]\s*$/s.test(text) ? undefined : text.split(separator);
}

function unreadable(file: string, line: number, options: ListOptions, text: string): KindredError {
  const shape = options.format === 'list' ? `labels separated by "${options.separator}"` : "a list such as ['a', 'b']";
  return new KindredError('KINDRED_DATA_LABEL', {
    message: `Column "${options.column}" must hold ${shape}. Got ${JSON.stringify(text)} in ${path.basename(file)} line ${line}.`,
    path: `${file}:${line}`,
    received: text,
    hint: options.format === 'list' ? 'Write "format": "python-list".' : 'For Comedy|Drama, write "format": "list".',
  });
}
