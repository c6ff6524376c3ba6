import type { Random } from '../context/random.js';
import { KindredError } from '../errors/kindred-error.js';
import type { TrainableHead } from '../plugin/contract.js';
import type { NdArray } from '../tensor/nd-array.js';

/** Which rows an epoch sees, one batch after another is cut from them: by the epoch's number alone, the first being 1. */
export type RowOrder = (epoch: number) => readonly number[];

/** Every row once, shuffled anew for each epoch by the epoch's number; without `random` in their order. */
export function everyRow(count: number, random?: Random): RowOrder {
  const rows = Array.from({ length: count }, (_, row) => row);
  return (epoch) => random?.fork(`epoch ${epoch}`).shuffle(rows) ?? rows;
}

/** Everything that a head's own order of rows is given. */
export interface SampledRows {
  /** For messages: the branch. */
  readonly name: string;
  /** `[N, L]` of the rows that are drawn from. */
  readonly targets: NdArray<'uint8'>;
  readonly batchSize: number;
  readonly random: Random;
}

/**
 * The rows that a head with a sampler wants, drawn anew for each epoch by the epoch's number.
 * @throws KINDRED_DATA_PAIRS, as the order is asked for, where the targets allow no such batches; KINDRED_PLUGIN_RESULT for rows that there are not
 */
export function sampledRows(
  head: Pick<TrainableHead, 'order'>,
  { name, targets, batchSize, random }: SampledRows,
): RowOrder | undefined {
  if (!head.order) return undefined;
  const count = targets.shape[0] ?? 0;
  return (epoch) => {
    const rows = head.order?.(targets, batchSize, random.fork(`epoch ${epoch}`)) ?? [];
    const odd = rows.find((row) => !Number.isInteger(row) || row < 0 || row >= count);
    if (odd === undefined) return rows;
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `The order of rows of '${name}' must name rows from 0 to ${count - 1}. Got ${odd}.`,
      received: odd,
      hint: 'Rows of its "targets" are counted from 0.',
    });
  };
}

/** Batches of `batchSize` rows of an order, the last one of what is left. */
export function* rowBatches(rows: readonly number[], batchSize: number): Generator<readonly number[]> {
  for (let start = 0; start < rows.length; start += batchSize) yield rows.slice(start, start + batchSize);
}
