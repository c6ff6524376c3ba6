import { createDeck } from './deck.js';
import { batchSizeError, loneImagesError } from './errors.js';
import { drawOther } from './label-index.js';
import { withOther } from './pairs.js';
import type { Sampler } from './sampler.js';

/** Triplets in rows 3i to 3i + 2: an anchor, another image of its label, and one that shares no label with the anchor. */
export const drawTriplets: Sampler = ({ index, batchSize, batches, random }) => {
  if (batchSize < 3 || batchSize % 3 !== 0) {
    throw batchSizeError(
      'a multiple of 3, for whole triplets',
      batchSize,
      'Set "batchSize" to 60, say, or "sampler" to "batch", which forms triplets within a batch.',
    );
  }
  const several = index.rowsOfLabel.filter(({ length }) => length > 1);
  if (several.length === 0) throw loneImagesError('at least one label', 0, index.labelled.length);
  const labels = createDeck(
    several.map((rows) => createDeck(rows, random)),
    random,
  );
  const rows: number[] = [];
  while (rows.length < batchSize * batches) {
    let positive = NaN;
    const draw = () => {
      const [anchor, other] = labels.take(1)[0]!.take(2);
      positive = other!;
      return anchor!;
    };
    const [anchor, negative] = withOther(index, draw, (row) => drawOther(index, row, random));
    rows.push(anchor, positive, negative);
  }
  return rows;
};
