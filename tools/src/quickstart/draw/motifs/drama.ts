import { at, between, repeat } from '../svg.js';

import type { Motif } from './motif.js';

export const masks: Motif = ({ ink, pop, accent }) =>
  `<g transform="translate(16 10) rotate(12)"><path d="M-30 -32Q0 -24 30 -32Q34 30 0 38Q-34 30 -30 -32Z" fill="${accent}" stroke="${ink}" stroke-width="2.5"/>` +
  `<path d="M-18 -6Q-12 -14 -6 -6ZM6 -6Q12 -14 18 -6ZM-14 24Q0 10 14 24Q0 16 -14 24Z" fill="${ink}"/></g>` +
  `<g transform="translate(-16 -10) rotate(-12)"><path d="M-30 -32Q0 -24 30 -32Q34 30 0 38Q-34 30 -30 -32Z" fill="${pop}" stroke="${ink}" stroke-width="2.5"/>` +
  `<path d="M-18 -10Q-12 -2 -6 -10ZM6 -10Q12 -2 18 -10ZM-16 8Q0 28 16 8Q0 16 -16 8Z" fill="${ink}"/></g>`;

export const umbrella: Motif = ({ ink, accent }, random) =>
  `<g stroke="${ink}" stroke-width="1.5" opacity=".5">${repeat(14, (i) => {
    const x = -52 + i * 8;
    const y = between(random, -50, 20);
    return `<path d="M${at(x)} ${at(y)}l-6 22"/>`;
  })}</g>` +
  `<path d="M-42 0A42 38 0 0 1 42 0Q34 -8 26 0Q18 -8 10 0Q0 -8 -10 0Q-18 -8 -26 0Q-34 -8 -42 0Z" fill="${accent}"/>` +
  `<path d="M0 -44V36Q0 46 -9 46Q-16 46 -16 38" stroke="${ink}" stroke-width="4" fill="none" stroke-linecap="round"/>`;

export const bareTree: Motif = ({ ink }) =>
  `<g stroke="${ink}" fill="none" stroke-linecap="round"><path d="M0 50Q-4 20 2 -8" stroke-width="9"/>` +
  `<path d="M1 10Q-20 -4 -26 -26M1 -4Q16 -14 22 -36M0 20Q22 8 38 -6" stroke-width="5"/>` +
  `<path d="M2 -8Q-2 -30 -8 -46M-18 -10Q-34 -14 -44 -28M-26 -26L-22 -42M15 -18Q32 -26 42 -24M22 -36L34 -48M26 4L46 6" stroke-width="2.5"/></g>`;

export const window: Motif = ({ ink, pop }) =>
  `<rect x="-34" y="-48" width="68" height="96" fill="${ink}"/><rect x="-28" y="-42" width="56" height="84" fill="${pop}"/>` +
  `<path d="M-14 42V12Q-14 2 -6 0A8 8 0 1 1 6 0Q14 2 14 12V42Z" fill="${ink}"/>` +
  `<path d="M0 -42V42M-28 -10H28" stroke="${ink}" stroke-width="4"/>`;

export const candle: Motif = ({ ink }) =>
  `<circle cy="-26" r="24" fill="#ffd98a" opacity=".35"/><path d="M0 -46Q14 -26 0 -16Q-14 -26 0 -46Z" fill="#ffb52e"/>` +
  `<path d="M0 -36Q6 -26 0 -20Q-6 -26 0 -36Z" fill="#fff6d0"/><rect x="-10" y="-12" width="20" height="50" fill="#f3ead7" stroke="${ink}" stroke-width="2"/>` +
  `<path d="M-10 -12Q-12 8 -6 8Q-2 8 -4 -4Q4 16 6 -6Q10 -2 10 -12Z" fill="#fff"/><path d="M-28 38H28L22 48H-22Z" fill="${ink}"/>`;

export const loner: Motif = ({ ink }) =>
  `<path d="M-9 48L34 56L52 50L9 46Z" fill="${ink}" opacity=".35"/>` +
  `<circle cy="-38" r="9" fill="${ink}"/><path d="M-14 -26Q0 -32 14 -26L18 10L12 11L12 24L10 50H2L0 26L-2 50H-10L-12 24L-12 11L-18 10Z" fill="${ink}"/>`;
