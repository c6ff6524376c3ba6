import { displayWidth } from './width.js';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Lines of an aligned table: two spaces between columns, none at the end of a line. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const header = columns.map((column) => column.title);
  const all = header.every((title) => title === '') ? rows : [header, ...rows];
  const widths = columns.map((_, j) => Math.max(0, ...all.map((row) => displayWidth(row[j] ?? ''))));
  return all.map((row) =>
    columns
      .map((column, j) => pad(row[j] ?? '', widths[j] ?? 0, column.align ?? 'left'))
      .join('  ')
      .trimEnd(),
  );
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const spaces = ' '.repeat(width - displayWidth(text));
  return align === 'left' ? text + spaces : spaces + text;
}
