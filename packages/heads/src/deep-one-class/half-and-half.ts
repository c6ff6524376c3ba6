import { KindredError, type NdArray, type Random } from '@kindred/core';

import { deck } from './deck.js';

/**
 * The rows of an epoch: every batch half wanted images (rows of zeros in `targets` `[N, R]`), then as many of the reference set, and each
 * of its labels as often as the others. An epoch shows every wanted image once; the last batch is filled with some of them again.
 * @throws KINDRED_DATA_PAIRS with fewer than two wanted images, fewer than two reference labels, or batches of fewer than 4 images
 */
export function halfAndHalf(targets: NdArray<'uint8'>, batchSize: number, random: Random): number[] {
  const { wanted, byLabel } = sides(targets);
  requireSides(wanted.length, byLabel.length, batchSize);
  const half = Math.floor(batchSize / 2);

  const drawWanted = deck(wanted, random.fork('wanted'));
  const drawLabel = deck([...byLabel.keys()], random.fork('labels'));
  const drawOf = byLabel.map((rows, label) => deck(rows, random.fork(`label ${label}`)));
  const batch = () => {
    const inside = Array.from({ length: half }, drawWanted);
    const outside = Array.from({ length: batchSize - half }, () => (drawOf[drawLabel()] as () => number)());
    return [...inside, ...outside];
  };
  return Array.from({ length: Math.ceil(wanted.length / half) }, batch).flat();
}

/** Rows without a label, and the rows of each label that has some. */
function sides({ shape: [rows = 0, labels = 0], data }: NdArray<'uint8'>) {
  const wanted: number[] = [];
  const byLabel: number[][] = Array.from({ length: labels }, () => []);
  for (let row = 0; row < rows; row++) {
    const carried = byLabel.filter((_, label) => data[row * labels + label] === 1);
    if (carried.length === 0) wanted.push(row);
    for (const list of carried) list.push(row);
  }
  return { wanted, byLabel: byLabel.filter((list) => list.length > 0) };
}

function requireSides(wanted: number, labels: number, batchSize: number): void {
  if (wanted >= 2 && labels >= 2 && batchSize >= 4) return;
  const lacking = batchSize < 4;
  throw new KindredError('KINDRED_DATA_PAIRS', {
    message:
      'Batches of the head deep-one-class must hold two wanted images and two reference images of different labels. ' +
      `Got ${wanted} wanted ${wanted === 1 ? 'image' : 'images'}, ${labels} reference ${labels === 1 ? 'label' : 'labels'} with images, and batches of ${batchSize}.`,
    ...(lacking && { path: 'training.batchSize' }),
    received: lacking ? batchSize : { wanted, labels },
    hint: lacking
      ? 'Give "training.batchSize" 4 or more; the variance of a class is seen better in 32 and more.'
      : 'Give more images of the wanted class in "data", and of at least two labels in "data.reference"; each part of the split needs them.',
  });
}
