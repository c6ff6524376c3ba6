import path from 'node:path';

import { KindredError } from '../../errors/kindred-error.js';
import { hintFor, nearest } from '../../plugin/nearest.js';
import { IssueList } from '../issue-list.js';

/** The column names of a CSV file. Mistakes are gathered, so that all wrong names of a manifest are told at once. */
export class Header {
  readonly issues = new IssueList();
  readonly #index: ReadonlyMap<string, number>;

  constructor(
    readonly file: string,
    readonly names: readonly string[],
    private readonly delimiter: string,
  ) {
    this.#index = new Map(names.map((name, index) => [name, index]));
    const repeated = new Set(names.filter((name, index) => this.#index.get(name) !== index));
    for (const name of repeated) this.issues.add(this.#repeated(name));
  }

  /** The index of a column; a name that is not there becomes an issue. `option` says where the name was given. */
  column(name: string, option: string): number {
    const index = this.#index.get(name);
    if (index !== undefined) return index;
    this.issues.add(
      new KindredError('KINDRED_DATA_COLUMN', {
        message: `Every column in "${option}" must be in ${path.basename(this.file)}. Got "${name}".`,
        path: this.file,
        received: name,
        hint: this.#wrongDelimiter() ?? hintFor(nearest(name, this.names), this.names, 'The file has no columns.'),
      }),
    );
    return -1;
  }

  /** @throws the issues gathered so far */
  check(): void {
    this.issues.throwIfAny(`The columns of ${path.basename(this.file)}`);
  }

  #repeated(name: string): KindredError {
    const at = this.names.flatMap((other, index) => (other === name ? [index + 1] : [])).join(' and ');
    return new KindredError('KINDRED_DATA_CSV', {
      message: `Column names must be unique in ${path.basename(this.file)}. Got "${name}" as columns ${at}.`,
      path: this.file,
      received: name,
      hint: 'Rename one of them.',
    });
  }

  #wrongDelimiter(): string | undefined {
    const [only, ...others] = this.names;
    if (only === undefined || others.length > 0) return undefined;
    const found = [';', '\t', ',', '|'].find((sign) => sign !== this.delimiter && only.includes(sign));
    return found && `The file seems to separate its columns with ${JSON.stringify(found)}: set "delimiter".`;
  }
}
