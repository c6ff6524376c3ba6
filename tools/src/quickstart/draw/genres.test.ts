import { createRandom } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { drawGenres, GENRES } from './genres.js';

const random = createRandom(42);
const sets = Array.from({ length: 4000 }, () => drawGenres(random));
const share = (...genres: string[]): number =>
  sets.filter((set) => genres.every((genre) => set.includes(genre as never))).length / sets.length;

describe('drawGenres', () => {
  it('draws one to three genres, in the order of the columns, without repetition', () => {
    for (const set of sets) {
      expect(set.length).toBeGreaterThanOrEqual(1);
      expect(set.length).toBeLessThanOrEqual(3);
      expect(set).toEqual(GENRES.filter((genre) => set.includes(genre)));
    }
  });

  it('draws more than one genre for most posters', () => {
    expect(sets.filter((set) => set.length > 1).length / sets.length).toBeGreaterThan(0.6);
  });

  it('is imbalanced, yet leaves 400 posters with enough of the rarest genre to train and test on', () => {
    const shares = GENRES.map((genre) => share(genre));
    expect(Math.max(...shares) / Math.min(...shares)).toBeGreaterThan(4);
    expect(Math.min(...shares) * 400).toBeGreaterThan(20);
  });

  it('lets genres keep company: Drama with Romance more often than chance, Horror with a Western never', () => {
    expect(share('Drama', 'Romance')).toBeGreaterThan(1.2 * share('Drama') * share('Romance'));
    expect(share('Horror', 'Western')).toBe(0);
  });
});
