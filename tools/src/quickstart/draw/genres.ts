import type { Random } from '@kindred/core';

/** In the order of the CSV's one-hot columns: alphabetical, as in the movie-poster set. */
export const GENRES = ['Action', 'Comedy', 'Drama', 'Family', 'Horror', 'Romance', 'Sci-Fi', 'Western'] as const;
export type Genre = (typeof GENRES)[number];

/** How often a genre comes first. Unequal on purpose: Drama and Comedy are everywhere, a Western is rare. */
const FIRST: Readonly<Record<Genre, number>> = {
  Action: 17,
  Comedy: 22,
  Drama: 22,
  Family: 9,
  Horror: 11,
  Romance: 8,
  'Sci-Fi': 6,
  Western: 5,
};

/** Who keeps company with whom, before the size of the company is known. Pairs that are left out do not occur. */
const COMPANY: Readonly<Record<Genre, Partial<Record<Genre, number>>>> = {
  Action: { Drama: 5, 'Sci-Fi': 4, Comedy: 3, Western: 2, Horror: 1, Romance: 1 },
  Comedy: { Romance: 6, Drama: 4, Family: 4, Action: 2, Horror: 1, 'Sci-Fi': 1, Western: 1 },
  Drama: { Romance: 6, Action: 3, Comedy: 3, Horror: 1, Family: 1, 'Sci-Fi': 1, Western: 1 },
  Family: { Comedy: 6, Drama: 2, 'Sci-Fi': 2, Romance: 1, Western: 1 },
  Horror: { 'Sci-Fi': 3, Drama: 2, Comedy: 2, Action: 1, Romance: 1 },
  Romance: { Drama: 6, Comedy: 6, Family: 1, Western: 1, Action: 1 },
  'Sci-Fi': { Action: 6, Horror: 3, Drama: 2, Family: 2, Comedy: 1 },
  Western: { Action: 5, Drama: 4, Comedy: 2, Romance: 1 },
};

/** Shares of posters with one, two and three genres. */
const COUNTS = [0.3, 0.42, 0.28] as const;

/** Draws the one to three genres of a poster, in the order of `GENRES`. */
export function drawGenres(random: Random): Genre[] {
  const chosen = [weighted(random, FIRST)];
  const roll = random.next();
  const count = roll < COUNTS[0] ? 1 : roll < COUNTS[0] + COUNTS[1] ? 2 : 3;
  while (chosen.length < count) {
    const affinities: Partial<Record<Genre, number>> = {};
    for (const genre of GENRES) {
      if (chosen.includes(genre)) continue;
      // A newcomer has to get on with everyone who is there already.
      affinities[genre] = chosen.reduce((product, friend) => product * (COMPANY[friend][genre] ?? 0), 1);
    }
    if (Object.values(affinities).every((weight) => weight === 0)) break;
    chosen.push(weighted(random, affinities));
  }
  return GENRES.filter((genre) => chosen.includes(genre));
}

function weighted(random: Random, weights: Partial<Record<Genre, number>>): Genre {
  const entries = GENRES.map((genre) => [genre, weights[genre] ?? 0] as const).filter(([, weight]) => weight > 0);
  let left = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [genre, weight] of entries) {
    left -= weight;
    if (left < 0) return genre;
  }
  throw new RangeError('at least one genre must have a weight');
}
