import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { parse } from 'csv-parse/sync';

import { createRandom } from '@kindred/core';

import { UsageError } from './options.js';
import { SEED, UNSEEN, type PosterSet } from './poster-set.js';

type Row = Readonly<Record<string, string>>;

/** Columns of the movie-poster set that are no genres. */
export const NO_GENRES = ['Id', 'Genre'];

/**
 * Takes a seeded sample of at most `count` posters from `data`, holds three of them back, and writes the rest as a CSV file
 * into `folder`; the images stay where they are.
 * @throws UsageError if `data` is not such a set
 */
export async function ownSet(data: string, count: number, folder: string): Promise<PosterSet> {
  const root = path.resolve(data);
  const rows = await readRows(path.join(root, 'train.csv'), data);
  const images = new Set(await readdir(path.join(root, 'Images')).catch(() => []));
  const there = rows.filter(({ Id }) => images.has(`${Id}.jpg`));
  if (there.length < 30) {
    throw new UsageError(
      `--data must have at least 30 images Images/{Id}.jpg for the rows of its train.csv. ${data} has ${there.length} for ${rows.length} rows.`,
    );
  }
  const chosen = createRandom(SEED).shuffle(there).slice(0, count);
  const [unseen, train] = [chosen.slice(0, UNSEEN), chosen.slice(UNSEEN)];
  const genres = Object.keys(chosen[0] ?? {}).filter((column) => !NO_GENRES.includes(column));

  const csv = path.resolve(folder, 'own', 'train.csv');
  await mkdir(path.dirname(csv), { recursive: true });
  // A genre that no chosen poster has would be a label that nothing can be learned of.
  const present = genres.filter((genre) => train.some((row) => row[genre] === '1'));
  const lines = [['Id', ...present], ...train.map((row) => ['Id', ...present].map((column) => row[column] ?? ''))];
  await writeFile(csv, `${lines.map((cells) => cells.map(cell).join(',')).join('\n')}\n`);
  return {
    csv,
    image: `${path.join(root, 'Images')}${path.sep}{Id}.jpg`,
    count: train.length,
    unseen: unseen.map((row) => ({
      file: path.join(root, 'Images', `${row['Id']}.jpg`),
      genres: genres.filter((genre) => row[genre] === '1'),
    })),
  };
}

async function readRows(file: string, data: string): Promise<Row[]> {
  const info = await stat(data).catch(() => undefined);
  if (!info?.isDirectory()) throw new UsageError(`--data must be a folder. There is none at ${data}.`);
  const text = await readFile(file).catch(() => {
    throw new UsageError(`--data must hold a train.csv. There is none in ${data}.`);
  });
  let rows: Row[];
  try {
    rows = parse(text, { columns: true, bom: true, skip_empty_lines: true });
  } catch (error) {
    throw new UsageError(`${file} must be a CSV file. ${error instanceof Error ? error.message : String(error)}.`);
  }
  const columns = Object.keys(rows[0] ?? {});
  if (!columns.includes('Id')) {
    throw new UsageError(`${file} must have a column "Id". It has ${columns.join(', ') || 'no rows'}.`);
  }
  return rows;
}

const cell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
