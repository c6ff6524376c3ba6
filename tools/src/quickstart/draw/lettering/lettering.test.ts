import { createRandom } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { PALETTES } from '../palette.js';

import { ends, GLYPHS } from './glyphs.js';
import { drawLine, widthOf } from './line.js';
import { LETTERINGS } from './styles.js';
import { breakLines } from './title.js';

const line = (text: string, style: keyof typeof LETTERINGS): string =>
  drawLine(text, LETTERINGS[style], PALETTES.paper, { x: 150, y: 10, size: 40 }, createRandom(1));

describe('lettering', () => {
  it('has all letters from A to Z', () => {
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') expect(GLYPHS[letter]?.strokes.length).toBeGreaterThan(0);
  });

  it('refuses a letter it does not have', () => {
    expect(() => line('É', 'poster')).toThrow('the alphabet must have every letter of a title, got "É"');
  });

  it('counts the width of letters and the space between them', () => {
    expect(widthOf('HH', { weight: 1, tracking: 2 })).toBe(4 + 2 + 4 + 1);
    expect(widthOf('HH', { weight: 1, tracking: 2, stretch: 0.5 })).toBe(2 + 2 + 2 + 1);
  });

  it.each([
    [
      'M0 0V6',
      [
        [0, 0],
        [0, 6],
      ],
    ],
    [
      'M3.6 0H0V6H3.6',
      [
        [3.6, 0],
        [3.6, 6],
      ],
    ],
    [
      'M4 1Q3.2 0 2 0Q0 0 0 3',
      [
        [4, 1],
        [0, 3],
      ],
    ],
  ])('finds the ends of %s', (stroke, expected) => {
    expect(ends(stroke)).toEqual(expected);
  });

  it('puts a serif on both ends of an I, and on none of a sans serif', () => {
    expect(line('I', 'wanted')).toContain('M-0.55 0H1.15M-0.55 6H1.15');
    expect(line('I', 'poster')).not.toContain('H1.15');
  });

  it('breaks titles at spaces', () => {
    expect(breakLines('DO NOT FEED THE PUMPKIN')).toEqual(['DO NOT FEED', 'THE PUMPKIN']);
    expect(breakLines('A')).toEqual(['A']);
  });
});
