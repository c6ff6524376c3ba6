import { createDeck, type Deck } from './deck.js';
import { batchSizeError, loneImagesError } from './errors.js';
import type { Sampler } from './sampler.js';

/**
 * P labels with K images each (Hermans, Beyer and Leibe 2017, section 2), P being `batchSize / K`: pairs and triplets are formed within
 * the batch. Where there are fewer labels than P they come again with other images; a label with fewer images than
 * it must give repeats them.
 */
export const drawBatches: Sampler = ({ index, batchSize, batches, imagesPerLabel, random }) => {
  const labelsPerBatch = batchSize / imagesPerLabel;
  if (labelsPerBatch < 2 || !Number.isInteger(labelsPerBatch)) {
    throw batchSizeError(
      `a multiple of "imagesPerLabel", ${imagesPerLabel}, and at least twice as large`,
      batchSize,
      `Set "batchSize" to ${16 * imagesPerLabel}, say.`,
    );
  }
  const several = index.rowsOfLabel.filter(({ length }) => length > 1);
  if (several.length < 2) throw loneImagesError('at least two labels', several.length, index.labelled.length);
  const labels = createDeck(
    several.map((rows) => createDeck(rows, random)),
    random,
  );
  return Array.from({ length: batches }, () => {
    const hands = new Map<Deck<number>, number>();
    for (const deck of labels.take(labelsPerBatch)) hands.set(deck, (hands.get(deck) ?? 0) + 1);
    // All images of a label at once: twice the same image would be an easy pair, and a tie of the others' distances.
    return [...hands].flatMap(([deck, count]) => deck.take(count * imagesPerLabel));
  }).flat();
};
