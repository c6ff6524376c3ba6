import type { Random } from '@kindred/core';

import type { LabelIndex } from './label-index.js';

/** What a sampler draws from. */
export interface Draw {
  readonly index: LabelIndex;
  readonly batchSize: number;
  /** Batches to draw. */
  readonly batches: number;
  /** With `batch`: images of a label. */
  readonly imagesPerLabel: number;
  readonly random: Random;
}

/** Rows of so many whole batches. @throws KINDRED_DATA_PAIRS if there can be none */
export type Sampler = (draw: Draw) => number[];
