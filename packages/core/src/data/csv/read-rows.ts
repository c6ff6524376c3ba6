import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

import { CsvError, parse, type InfoRecord } from 'csv-parse';

import { KindredError } from '../../errors/kindred-error.js';

export interface Row {
  /** Where the row starts in the file, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** A row is held in memory as a whole; a quote that is never closed would make the rest of the file one row. */
const MAX_ROW_BYTES = 1024 * 1024;

/**
 * Streams the rows of a CSV file (RFC 4180; a byte-order mark, CRLF and blank lines are fine), the header first.
 * @throws KINDRED_DATA_CSV for quotes that cannot be read and bytes that are not UTF-8
 */
export async function* readRows(file: string, delimiter: string, signal: AbortSignal): AsyncGenerator<Row> {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    max_record_size: MAX_ROW_BYTES,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  // Errors of the file reach the loop through the parser, which pipeline destroys.
  const feeding = pipeline(createReadStream(file), parser, { signal }).catch(() => undefined);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: InfoRecord }>) {
      const inside = record.reduce((lines, field) => lines + (field.split('\n').length - 1), 0);
      const row = { line: info.lines - inside, fields: record };
      if (record.some((field) => field.includes('\uFFFD'))) throw notUtf8(file, row.line);
      yield row;
    }
  } catch (error) {
    throw error instanceof CsvError ? syntaxError(file, error) : error;
  } finally {
    parser.destroy();
    await feeding;
  }
}

function syntaxError(file: string, error: CsvError): KindredError {
  const tooLong = error.code === 'CSV_MAX_RECORD_SIZE';
  const reason = tooLong ? `a row is longer than ${MAX_ROW_BYTES} bytes` : error.message.replace(/\.$/, '');
  return new KindredError('KINDRED_DATA_CSV', {
    message: `The CSV file ${path.basename(file)} must have readable quotes. Line ${String(error.lines)}: ${reason}.`,
    path: file,
    hint: tooLong
      ? 'Look for a quote that is opened and never closed.'
      : 'A quote inside of a field is doubled, and the field stands in quotes: "he said ""no""".',
    cause: error,
  });
}

function notUtf8(file: string, line: number): KindredError {
  return new KindredError('KINDRED_DATA_CSV', {
    message: `The CSV file ${path.basename(file)} must be UTF-8. Line ${line} holds bytes that are not.`,
    path: file,
    hint: 'Save it again as UTF-8, for example with `iconv -f latin1 -t utf-8`.',
  });
}
