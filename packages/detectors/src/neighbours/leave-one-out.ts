import type { Context } from '@kindred/core';

import { type Neighbourhoods, neighbourhoods, type Sought } from './neighbourhoods.js';

/** The `k` nearest to each training row of the other training rows, `among` being the points of them all, more than k. */
export async function leaveOneOut(component: string, sought: Sought, ctx: Context): Promise<Neighbourhoods> {
  const { k } = sought;
  const near = await neighbourhoods(component, { ...sought, k: k + 1 }, ctx);
  const rows = sought.x.shape[0]!;
  const others = { places: new Int32Array(rows * k), distances: new Float32Array(rows * k) };
  for (let row = 0; row < rows; row++) {
    // A row that is not among its own neighbours has more than k copies: the last of them is left out in its place.
    const from = row * (k + 1);
    const own = near.places.subarray(from, from + k).indexOf(row);
    const left = own < 0 ? k : own;
    for (let j = 0; j < k; j++) {
      const source = from + (j < left ? j : j + 1);
      others.places[row * k + j] = near.places[source]!;
      others.distances[row * k + j] = near.distances[source]!;
    }
  }
  return others;
}
