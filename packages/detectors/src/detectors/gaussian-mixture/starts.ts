import type { Context, NdArray } from '@kindred/core';

import type { CentreDistances } from '../../clustering/centre-distances.js';
import { kMeans } from '../../clustering/k-means.js';
import { seedAtRandom, seedByDistance } from '../../clustering/seeding.js';

import type { Responsibilities } from './covariances/responsibilities.js';
import type { Options } from './options.js';

/** Where expectation-maximization may start. */
export interface Starts {
  /** Each row belongs wholly to one component; fewer components than wanted where too few rows differ. */
  next(ctx: Pick<Context, 'random' | 'signal'>): Promise<Responsibilities>;
}

/** Starts for `components` Gaussians over `x` `[N, D]`, by clusters of its rows, with `distances` of these rows. */
export function createStarts(
  x: NdArray<'float32'>,
  distances: CentreDistances,
  { components, init }: Pick<Options, 'components' | 'init'>,
): Starts {
  const rows = x.shape[0]!;
  if (components === 1) {
    const all = { values: new Float32Array(rows).fill(1), components };
    return { next: () => Promise.resolve(all) };
  }
  return {
    async next(services) {
      const seeds =
        init === 'random'
          ? seedAtRandom(services, rows, components)
          : await seedByDistance(services, x, components, distances);
      const refine = init === 'k-means' ? {} : { maxIterations: 0 };
      const { labels, count } = await kMeans(services, x, distances, seeds, refine);
      const values = new Float32Array(rows * count);
      labels.forEach((label, i) => (values[i * count + label] = 1));
      return { values, components: count };
    },
  };
}
