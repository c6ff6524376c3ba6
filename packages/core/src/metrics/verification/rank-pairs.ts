import { descendingOrder } from '../descending-order.js';

import type { Pairs } from './collect-pairs.js';

/** Pairs from the smallest distance to the greatest: sorted once for any number of bootstrap samples. */
export interface RankedPairs {
  readonly distances: Float32Array;
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** 1 where the next distance differs: pairs of one distance are accepted together. */
  readonly last: Uint8Array;
}

export function rankPairs({ distances, first, second }: Pairs): RankedPairs {
  const order = descendingOrder(distances.map((distance) => -distance));
  const sorted = new Float32Array(order.length);
  const [one, other] = [new Uint32Array(order.length), new Uint32Array(order.length)];
  for (let i = 0; i < order.length; i++) {
    const pair = order[i]!;
    sorted[i] = distances[pair]!;
    one[i] = first[pair]!;
    other[i] = second[pair]!;
  }
  const last = new Uint8Array(order.length);
  for (let i = 0; i < last.length; i++) last[i] = Number(sorted[i] !== sorted[i + 1]);
  return { distances: sorted, first: one, second: other, last };
}

/** How many of the pairs show the same, and how many do not. */
export function countRanked({ first, second }: RankedPairs): { same: number; different: number } {
  let same = 0;
  for (let i = 0; i < first.length; i++) same += Number(first[i] === second[i]);
  return { same, different: first.length - same };
}
