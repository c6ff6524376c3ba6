import type { Random } from '@kindred/core';

import type { Palette } from './palette.js';
import type { Sheet } from './sheet.js';
import { at, between, repeat } from './svg.js';

/** What printing, wear and the frame add on top. */
type Finish = (palette: Palette, sheet: Sheet, random: Random) => string;

const none: Finish = () => '';

const vignette: Finish = (_, { width, height }) =>
  '<radialGradient id="dark" cx=".5" cy=".45" r=".75"><stop offset=".55" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".7"/></radialGradient>' +
  `<rect width="${width}" height="${height}" fill="url(#dark)"/>`;

const border: Finish = ({ title, shade }, { width, height }) =>
  `<g fill="none"><rect x="6" y="6" width="${width - 12}" height="${height - 12}" rx="8" stroke="${shade}" stroke-width="7"/>` +
  `<rect x="6" y="6" width="${width - 12}" height="${height - 12}" rx="8" stroke="${title}" stroke-width="3"/></g>`;

const scratches: Finish = (_, { width, height }, random) =>
  `<g stroke="#fff" opacity=".28">${repeat(26, () => {
    const [x, y] = [between(random, 0, width), between(random, 0, height)];
    return `<path d="M${at(x)} ${at(y)}l${at(between(random, -4, 4))} ${at(between(random, 8, 70))}" stroke-width="${at(between(random, 0.3, 1))}"/>`;
  })}<path d="M0 ${at(height / 2)}H${width}M${at(width / 2)} 0V${height}" stroke-width=".8"/></g>`;

const halftone: Finish = ({ ink }, { width, height }) =>
  `<g fill="${ink}" opacity=".13">${repeat(24, (i) =>
    repeat(10, (j) => `<circle cx="${at(i * 13)}" cy="${at(height - j * 13)}" r="${at(5.2 - j * 0.5)}"/>`),
  )}</g><rect width="${width}" height="3" fill="${ink}" opacity=".2"/>`;

const scanlines: Finish = (_, { width, height }) =>
  `<g fill="#000" opacity=".2">${repeat(Math.ceil(height / 4), (i) => `<rect y="${i * 4}" width="${width}" height="1.4"/>`)}</g>`;

export const FINISHES = { none, vignette, border, scratches, halftone, scanlines } satisfies Record<string, Finish>;

export type FinishName = keyof typeof FINISHES;
