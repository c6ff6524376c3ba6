import path from 'node:path';

import { KindredError, isKindredError } from '../../errors/kindred-error.js';
import type { Sample } from '../../plugin/contract.js';
import { readImageFile } from '../image-file.js';
import { IssueList } from '../issue-list.js';

import type { Header } from './header.js';
import { imagePaths, templateColumns } from './image-template.js';
import { labelReader, type LabelReader } from './label-reader.js';
import type { CsvOptions } from './options.js';
import type { Row } from './read-rows.js';

/** Turns rows into samples and gathers their mistakes. */
export class RowReader {
  readonly issues = new IssueList();
  readonly #columns: ReadonlyMap<string, number>;
  readonly #idColumn: string | undefined;
  readonly #labels: LabelReader;
  readonly #imagePath: ReturnType<typeof imagePaths>;
  readonly #byId = new Map<string, { readonly line: number; readonly sample: Sample }>();
  /** Lines that say what an earlier line said already. */
  readonly repeated: number[] = [];

  /** @throws KINDRED_DATA_COLUMN, KINDRED_DATA_CSV if the header does not fit the options */
  constructor(
    options: CsvOptions,
    private readonly header: Header,
  ) {
    const inImage = templateColumns(options.image);
    this.#columns = new Map(inImage.map((name) => [name, header.column(name, 'image')]));
    // With several columns in the template none of them has to be unique: the image's path is.
    this.#idColumn = options.id ?? (inImage.length === 1 ? inImage[0] : undefined);
    const used = new Set(inImage);
    if (options.id !== undefined) {
      used.add(options.id);
      this.#columns = new Map([...this.#columns, [options.id, header.column(options.id, 'id')]]);
    }
    this.#labels = labelReader(options.labels, header, used);
    header.check();
    this.#imagePath = imagePaths(options.image, path.dirname(header.file));
  }

  /** All labels, once every row was read. */
  labels(): readonly string[] {
    return this.#labels.labels();
  }

  /** The sample of a row, or undefined if the row has a mistake or repeats an earlier one. */
  read(row: Row): Sample | undefined {
    const before = this.issues.size;
    if (row.fields.length !== this.header.names.length) {
      this.#report(row, 'KINDRED_DATA_CSV', 'must have as many fields as the header', {
        received: row.fields.length,
        text: `${row.fields.length} instead of ${this.header.names.length}`,
        hint: 'A field that holds the delimiter stands in quotes.',
      });
      return undefined;
    }
    const labels = this.#labels.read(row, (issue) => {
      this.issues.add(issue);
    });
    const location = this.#location(row);
    if (location === undefined || this.issues.size > before) return undefined;
    return this.#unique(row, { id: this.#id(row, location), labels, location, read: () => readImageFile(location) });
  }

  /** Real files repeat rows; that does no harm as long as the rows agree. */
  #unique(row: Row, sample: Sample): Sample | undefined {
    const earlier = this.#byId.get(sample.id);
    if (earlier === undefined) {
      this.#byId.set(sample.id, { line: row.line, sample });
      return sample;
    }
    if (sameContent(earlier.sample, sample)) {
      this.repeated.push(row.line);
      return undefined;
    }
    this.#report(row, 'KINDRED_DATA_DUPLICATE_ID', 'must have an id of its own', {
      received: sample.id,
      text: `"${sample.id}", which line ${earlier.line} has with another image or other labels,`,
      hint: 'Remove one of the rows, or set "id" to a column whose values are unique.',
    });
    return undefined;
  }

  #value(row: Row, column: string): string {
    return row.fields[this.#columns.get(column) ?? -1] ?? '';
  }

  #location(row: Row): string | undefined {
    const blank = [...this.#columns.keys()].find((column) => this.#value(row, column).trim() === '');
    if (blank !== undefined) {
      this.#report(row, 'KINDRED_DATA_CSV', `must have a value in column "${blank}"`, { text: 'nothing' });
      return undefined;
    }
    try {
      return this.#imagePath((column) => this.#value(row, column));
    } catch (error) {
      if (!isKindredError(error)) throw error;
      const { code, message, received, hint } = error;
      const where = `${path.basename(this.header.file)} line ${row.line}: `;
      this.issues.add(new KindredError(code, { message: where + message, path: this.#place(row), received, hint }));
      return undefined;
    }
  }

  #id(row: Row, location: string): string {
    return this.#idColumn === undefined
      ? path.relative(path.dirname(this.header.file), location).replaceAll(path.sep, '/')
      : this.#value(row, this.#idColumn);
  }

  #report(
    row: Row,
    code: 'KINDRED_DATA_CSV' | 'KINDRED_DATA_DUPLICATE_ID',
    rule: string,
    { text, received = text, hint }: { text: string; received?: unknown; hint?: string },
  ): void {
    const message = `Each row of ${path.basename(this.header.file)} ${rule}. Got ${text} in line ${row.line}.`;
    this.issues.add(new KindredError(code, { message, path: this.#place(row), received, hint }));
  }

  #place(row: Row): string {
    return `${this.header.file}:${row.line}`;
  }
}

function sameContent(a: Sample, b: Sample): boolean {
  return a.location === b.location && JSON.stringify([...a.labels].sort()) === JSON.stringify([...b.labels].sort());
}
