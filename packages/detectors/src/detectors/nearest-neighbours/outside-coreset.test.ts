import { describe, expect, it } from 'vitest';

import { matrix } from '../../../test/run-estimator.js';

import { distancesWithoutSelf } from './outside-coreset.js';

/** Places on a line, and the `k` nearest of those chosen to each. */
function distances(at: number[], chosen: number[], k: number): number[] {
  const near = at.map((place) =>
    chosen
      .map((row, number) => ({ number, distance: Math.abs(at[row]! - place) }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, k + 1),
  );
  const neighbourhoods = {
    places: Int32Array.from(near.flat(), ({ number }) => number),
    distances: Float32Array.from(near.flat(), ({ distance }) => distance),
  };
  const points = matrix(at.map((place) => [place, 0]));
  return [...distancesWithoutSelf(neighbourhoods, { points, chosen: Int32Array.from(chosen), metric: 'euclidean', k })];
}

describe('distances to a coreset without the image itself', () => {
  it.each<[string, number[], number[], number, number[]]>([
    // 1 would take the place of 0, and 13 that of 10. Nothing is near 50.
    ['count the image that would be chosen instead', [0, 1, 10, 13, 50], [0, 2, 4], 1, [1, 1, 3, 3, 40]],
    // Of 1 and 2 it would be 2, which is farther from 10.
    ['count the farthest of several', [10, 11, 12, 0], [0, 3], 1, [2, 1, 2, 10]],
    // 6 is 4 from 10, less than the 5 that 15 is from 10 in any case: another image would be chosen, elsewhere.
    ['count none that is nearer to the rest than the radius', [0, 6, 10, 15], [0, 1, 2], 1, [6, 4, 4, 5]],
    ['are those to several', [0, 1, 10, 13, 50], [0, 2, 4], 2, [1, 10, 1, 9, 3, 10, 3, 13, 40, 50]],
    ['are 0 for a chosen image that has a copy', [5, 5, 9], [0, 2], 1, [0, 0, 4]],
  ])('%s', (_, at, chosen, k, expected) => {
    expect(distances(at, chosen, k)).toEqual(expected);
  });
});
