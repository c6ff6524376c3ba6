import type { Random } from '@kindred/core';

import type { Palette } from '../palette.js';
import type { Sheet } from '../sheet.js';

import { drawLine, widthOf } from './line.js';
import type { LetterStyle } from './styles.js';

/** A title in up to three lines, each as wide as the sheet allows; `y` is its top, or its bottom if `from` is "bottom". */
export function drawTitle(
  title: string,
  style: LetterStyle,
  palette: Palette,
  sheet: Sheet,
  place: { readonly y: number; readonly from: 'top' | 'bottom'; readonly largest: number },
  random: Random,
): string {
  const room = sheet.width - 36;
  const lines = breakLines(title).map((text) => ({
    text,
    size: Math.min(place.largest, (room / widthOf(text, style)) * 6),
  }));
  const leading = 1.34;
  const total = lines.reduce((sum, { size }) => sum + size * leading, 0);
  let y = place.from === 'top' ? place.y : place.y - total;
  let body = '';
  for (const { text, size } of lines) {
    body += drawLine(text, style, palette, { x: sheet.width / 2, y, size }, random);
    y += size * leading;
  }
  return body;
}

/** Breaks at spaces, towards lines of at most a dozen letters. */
export function breakLines(title: string): string[] {
  const lines: string[] = [];
  for (const word of title.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 11) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
