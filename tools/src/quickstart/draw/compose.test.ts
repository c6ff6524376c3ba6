import { createRandom } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { BACKDROPS } from './backdrops/index.js';
import { compose } from './compose.js';
import { CUES } from './cues.js';
import { FINISHES } from './finishes.js';
import { drawGenres, GENRES } from './genres.js';
import { LETTERINGS } from './lettering/styles.js';
import { MOTIFS } from './motifs/index.js';
import { PALETTES } from './palette.js';

const posters = Array.from({ length: 300 }, (_, i) => {
  const random = createRandom(i);
  return compose(drawGenres(random), random);
});

describe('compose', () => {
  it('uses no text elements: a bare machine has no fonts', () => {
    for (const { svg } of posters) expect(svg).not.toMatch(/<text|<tspan|font/);
  });

  it('writes no number that is not one', () => {
    for (const { svg } of posters) expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('gives every poster a design of its own', () => {
    expect(new Set(posters.map(({ svg }) => svg)).size).toBe(posters.length);
  });

  it('gives titles that are worth reading', () => {
    expect(new Set(posters.map(({ title }) => title)).size).toBeGreaterThan(150);
  });
});

describe('the cue table', () => {
  const used = (slot: keyof (typeof CUES)['Action']): string[] => [
    ...new Set(GENRES.flatMap((genre): readonly string[] => CUES[genre][slot])),
  ];

  it.each([
    ['palettes', PALETTES],
    ['backdrops', BACKDROPS],
    ['motifs', MOTIFS],
    ['letterings', LETTERINGS],
    ['finishes', FINISHES],
  ] as const)('gives every one of the %s to some genre', (slot, all) => {
    expect(used(slot).sort()).toEqual(Object.keys(all).sort());
  });

  it.each(['palettes', 'backdrops', 'motifs', 'letterings', 'layouts', 'finishes'] as const)(
    'shares %s between genres',
    (slot) => {
      const genresOf = (cue: string): number =>
        GENRES.filter((genre) => (CUES[genre][slot] as readonly string[]).includes(cue)).length;
      expect(used(slot).filter((cue) => genresOf(cue) > 1).length).toBeGreaterThan(2);
    },
  );
});
