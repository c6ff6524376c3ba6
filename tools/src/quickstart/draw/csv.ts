import { GENRES, type Genre } from './genres.js';

export interface PosterRow {
  readonly id: string;
  readonly genres: readonly Genre[];
}

/** `train.csv` as the movie-poster set has it: Id, the genres as a Python list, then one column of 0 and 1 per genre. */
export function toCsv(rows: readonly PosterRow[]): string {
  const lines = rows.map(({ id, genres }) => {
    const list = `[${genres.map((genre) => `'${genre}'`).join(', ')}]`;
    const oneHot = GENRES.map((genre) => (genres.includes(genre) ? 1 : 0));
    // As Python's csv module does: quotes only where a comma asks for them.
    return [id, list.includes(',') ? `"${list}"` : list, ...oneHot].join(',');
  });
  return `${['Id,Genre', ...GENRES].join(',')}\n${lines.join('\n')}\n`;
}
