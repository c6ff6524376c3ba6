import type { Random } from '@kindred/core';

import type { Palette } from '../palette.js';
import { at, between } from '../svg.js';

import { ends, GLYPHS } from './glyphs.js';
import type { LetterStyle } from './styles.js';

const HEIGHT = 6;

/** Width of `text` in grid units. */
export function widthOf(text: string, style: LetterStyle): number {
  const letters = [...text].reduce((sum, letter) => sum + (GLYPHS[letter]?.width ?? 0) * (style.stretch ?? 1), 0);
  return letters + Math.max(0, text.length - 1) * style.tracking + style.weight;
}

/** Draws one line of capitals, centred on `x`, its top at `y`, letters `size` pixels high. */
export function drawLine(
  text: string,
  style: LetterStyle,
  palette: Palette,
  where: { readonly x: number; readonly y: number; readonly size: number },
  random: Random,
): string {
  const stretch = style.stretch ?? 1;
  const [turn, lift] = style.dance ?? [0, 0];
  let pen = style.weight / 2;
  let strokes = '';
  let drops = '';
  for (const letter of text) {
    const glyph = GLYPHS[letter];
    if (!glyph) throw new RangeError(`the alphabet must have every letter of a title, got "${letter}"`);
    const shift = `translate(${pen.toFixed(2)} ${between(random, -lift, lift).toFixed(2)}) rotate(${at(between(random, -turn, turn))} ${at((glyph.width * stretch) / 2)} 3) scale(${stretch} 1)`;
    const serifs = style.serifs ? glyph.strokes.map(serifsOf).join('') : '';
    strokes += `<path transform="${shift}" d="${glyph.strokes.join('')}${serifs}"/>`;
    if (style.drips && random.next() < 0.7) {
      const x = pen + between(random, 0.2, Math.max(0.3, glyph.width));
      drops += `<path d="M${x.toFixed(2)} 5.6v${between(random, 0.8, 2.6).toFixed(2)}"/>`;
    }
    pen += glyph.width * stretch + style.tracking;
  }
  const scale = where.size / HEIGHT;
  const slant = style.slant ?? 0;
  // Skewing moves the foot of the letters to the left: half of that is given back.
  const sway = Math.tan((slant * Math.PI) / 180) * (HEIGHT / 2);
  const left = where.x - (widthOf(text, style) / 2 - sway) * scale;
  const lean = slant === 0 ? '' : ` skewX(${-slant})`;
  const joints = style.round ? 'stroke-linecap="round" stroke-linejoin="round"' : 'stroke-linejoin="miter"';
  const dash = style.dash ? ` stroke-dasharray="${style.dash}"` : '';
  const body = `<g stroke-width="${style.weight}" ${joints}${dash}>${strokes}</g>${drops && `<g stroke-width="${at(style.weight * 0.5)}" stroke-linecap="round">${drops}</g>`}`;
  return `<g fill="none" transform="translate(${at(left)} ${at(where.y)}) scale(${scale.toFixed(3)})${lean}">${dress(body, style, palette)}</g>`;
}

/** A short bar across each loose end of a stroke. */
const serifsOf = (stroke: string): string =>
  ends(stroke)
    .map(([x, y]) => (y === 0 || y === HEIGHT ? `M${x - 0.85} ${y}H${x + 0.85}` : ''))
    .join('');

function dress(body: string, style: LetterStyle, palette: Palette): string {
  const colour = style.colour?.(palette) ?? palette.title;
  const face = `<g stroke="${colour}">${body}</g>`;
  // The undercoat repeats the letters thicker or moved; its own stroke-width would be overridden by the letters' group.
  const coat = (extra: number): string =>
    body.replaceAll(
      /stroke-width="([\d.]+)"/g,
      (_, width: string) => `stroke-width="${(Number(width) + extra).toFixed(2)}"`,
    );
  switch (style.outline) {
    case 'shade':
      return `<g stroke="${palette.shade}">${coat(0.6)}</g>${face}`;
    case 'drop':
      return `<g stroke="${palette.shade}" transform="translate(.4 .45)">${body}</g>${face}`;
    case 'glow':
      return `<g stroke="${palette.pop}" opacity=".35">${coat(1.1)}</g><g stroke="${palette.pop}" opacity=".4">${coat(0.55)}</g>${face}`;
    default:
      return face;
  }
}
