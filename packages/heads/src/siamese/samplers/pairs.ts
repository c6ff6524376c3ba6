import { createDeck } from './deck.js';
import { allSameError, batchSizeError, loneImagesError } from './errors.js';
import { drawOther, type LabelIndex } from './label-index.js';
import type { Sampler } from './sampler.js';

/**
 * Pairs in rows 2i and 2i + 1: one of the same label, then one without a shared label, by turns. Labels come equally often, and the
 * images of a label too.
 */
export const drawPairs: Sampler = ({ index, batchSize, batches, random }) => {
  if (batchSize < 4 || batchSize % 2 !== 0) {
    throw batchSizeError(
      'even and at least 4, for pairs of the same and of different labels',
      batchSize,
      'Set "batchSize" to 64, say.',
    );
  }
  const decks = index.rowsOfLabel.map((rows) => createDeck(rows, random));
  const several = decks.filter((_, label) => index.rowsOfLabel[label]!.length > 1);
  if (several.length === 0) throw loneImagesError('at least one label', 0, index.labelled.length);
  const labelsOfSame = createDeck(several, random);
  const labelsOfOther = createDeck(decks, random);

  const rows: number[] = [];
  while (rows.length < batchSize * batches) {
    rows.push(...labelsOfSame.take(1)[0]!.take(2));
    // Half of an odd number of pairs: the last batch of all may end with a pair of the same.
    if (rows.length === batchSize * batches) break;
    const draw = () => labelsOfOther.take(1)[0]!.take(1)[0]!;
    rows.push(...withOther(index, draw, (row) => drawOther(index, row, random)));
  }
  return rows;
};

/**
 * A row from `draw` with one that shares no label with it.
 * @throws KINDRED_DATA_PAIRS if no drawn row has one
 */
export function withOther(
  index: LabelIndex,
  draw: () => number,
  other: (row: number) => number | undefined,
): [row: number, other: number] {
  // So many draws deal every row of every label at least once: labels come by turns, and so do the rows of each.
  const most = Math.max(...index.rowsOfLabel.map(({ length }) => length));
  for (let draws = 2 * index.rowsOfLabel.length * most; draws > 0; draws--) {
    const row = draw();
    const found = other(row);
    if (found !== undefined) return [row, found];
  }
  throw allSameError(index.labelled.length);
}
