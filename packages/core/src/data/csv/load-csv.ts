import { stat } from 'node:fs/promises';
import path from 'node:path';

import { KindredError } from '../../errors/kindred-error.js';
import type { LoadedDataset, Sample } from '../../plugin/contract.js';
import type { LoadContext } from '../load-context.js';
import { dataNotFound } from '../not-found.js';
import { throwIfAborted } from '../throw-if-aborted.js';

import { Header } from './header.js';
import type { CsvOptions } from './options.js';
import { readRows } from './read-rows.js';
import { RowReader } from './row-reader.js';

/** Rows between two progress reports. */
const STRIDE = 1000;

/**
 * Lists the samples of a CSV file. Rows are streamed; what stays in memory is an id, a path and labels for each.
 * @throws KINDRED_DATA_*: mistakes in rows are gathered and reported together
 */
export async function loadCsv(options: CsvOptions, ctx: LoadContext): Promise<LoadedDataset> {
  const file = path.resolve(ctx.baseDir, options.path);
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) throw await dataNotFound('The CSV file', file, options.path);
  if (!info.isFile()) {
    throw new KindredError('KINDRED_DATA_NOT_FOUND', {
      message: `The path of a csv dataset must be a file. ${file} is a folder.`,
      path: file,
      received: options.path,
      hint: 'Name the CSV file in it, or use the dataset "folder" for one class a folder.',
    });
  }

  const step = ctx.progress.start({ name: `reading ${path.basename(file)}`, unit: 'rows' });
  try {
    return await readAll(file, options, ctx, (rows) => {
      step.advance(rows);
    });
  } finally {
    step.end();
  }
}

async function readAll(
  file: string,
  options: CsvOptions,
  ctx: LoadContext,
  advance: (rows: number) => void,
): Promise<LoadedDataset> {
  let reader: RowReader | undefined;
  const samples: Sample[] = [];
  try {
    for await (const row of readRows(file, options.delimiter, ctx.signal)) {
      if (reader === undefined) {
        reader = new RowReader(options, new Header(file, row.fields, options.delimiter));
        continue;
      }
      const sample = reader.read(row);
      if (reader.issues.full) break;
      if (sample === undefined) continue;
      if (samples.push(sample) % STRIDE === 0) advance(STRIDE);
    }
  } finally {
    throwIfAborted(ctx.signal);
  }
  reader?.issues.throwIfAny(`The CSV file ${path.basename(file)}`);
  if (reader === undefined || samples.length === 0) throw empty(file, reader === undefined);
  advance(samples.length % STRIDE);
  if (reader.repeated.length > 0) {
    const lines = reader.repeated.slice(0, 20);
    const message = `Rows of ${path.basename(file)} that repeat an earlier row count once: ${reader.repeated.length}`;
    ctx.log.warn({ file, repeated: reader.repeated.length, lines }, message);
  }
  const labels = reader.labels();
  refuseFreeText(labels.length, samples.length, file);
  return { labels, samples };
}

function empty(file: string, noHeader: boolean): KindredError {
  return new KindredError('KINDRED_DATA_EMPTY', {
    message: `The CSV file ${path.basename(file)} must hold ${noHeader ? 'a header and rows' : 'rows after its header'}. Got none.`,
    path: file,
    hint: 'Write one row for each image.',
  });
}

/** A column of titles or ids read as labels would give a label matrix that grows with the square of the rows. */
function refuseFreeText(labels: number, samples: number, file: string): void {
  if (labels <= 1000 || labels * 2 <= samples) return;
  throw new KindredError('KINDRED_DATA_LABEL', {
    message: `Labels must be shared by images. Got ${labels} different labels for ${samples} images in ${path.basename(file)}.`,
    path: file,
    received: labels,
    hint: 'Check "labels.column" and "labels.separator": ids, titles and free text are no labels.',
  });
}
