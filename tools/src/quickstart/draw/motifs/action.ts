import { between, star } from '../svg.js';

import type { Motif } from './motif.js';

export const explosion: Motif = (_, random) =>
  `<polygon points="${star(13, 50, 27, random, 0.3)}" fill="#c9231b"/>` +
  `<polygon points="${star(11, 37, 20, random, 0.3)}" fill="#f58a1f"/>` +
  `<polygon points="${star(9, 22, 12, random, 0.3)}" fill="#fff0a0"/>`;

export const helicopter: Motif = ({ ink, pop }) =>
  `<path d="M-48 -26H40" stroke="${ink}" stroke-width="3"/><path d="M-4 -26V-12" stroke="${ink}" stroke-width="4"/>` +
  `<path d="M-30 6Q-30 -14 -4 -14Q14 -14 18 -3L46 -9L47 -19L51 -19L50 1L18 9Q12 20 -6 20Q-30 20 -30 6Z" fill="${ink}"/>` +
  `<path d="M-26 4Q-25 -9 -9 -9V4Z" fill="${pop}"/>` +
  `<path d="M-28 29H14M-18 20V29M4 20V29" stroke="${ink}" stroke-width="3" fill="none"/>`;

export const car: Motif = ({ ink, accent, pop }, random) =>
  `<path d="M30 4L52 -2L44 5L56 10L42 11L50 18L30 15Z" fill="#ffd23f"/>` +
  `<path d="M-50 8Q-46 -2 -30 -4L-14 -18Q-10 -20 -4 -20H14Q20 -20 24 -12L30 -3Q36 0 36 8V14H-50Z" fill="${random.next() < 0.5 ? '#d8232a' : accent}"/>` +
  `<path d="M-22 -4L-10 -15H2V-4ZM6 -15H14L20 -4H6Z" fill="${pop}" opacity=".85"/>` +
  `<g fill="${ink}"><circle cx="-30" cy="14" r="9"/><circle cx="18" cy="14" r="9"/></g>` +
  `<g fill="#ddd"><circle cx="-30" cy="14" r="4"/><circle cx="18" cy="14" r="4"/></g>`;

export const crosshair: Motif = ({ accent }, random) => {
  const width = between(random, 3, 5).toFixed(1);
  return (
    `<g fill="none" stroke="${accent}" stroke-width="${width}"><circle r="36"/><circle r="20"/>` +
    `<path d="M-50 0H-12M12 0H50M0 -50V-12M0 12V50"/></g><circle r="4" fill="#e02020"/>`
  );
};

export const runner: Motif = ({ ink }) =>
  `<circle cx="12" cy="-40" r="8.5" fill="${ink}"/>` +
  `<g fill="none" stroke="${ink}" stroke-linecap="round" stroke-linejoin="round">` +
  `<path d="M7 -26L-6 4" stroke-width="14"/>` +
  `<path d="M8 -26L26 -14L40 -24M6 -26L-18 -22L-24 -6" stroke-width="7"/>` +
  `<path d="M-6 6L16 18L12 44L22 46M-7 6L-20 26L-46 28L-48 20" stroke-width="9"/></g>`;

export const bomb: Motif = ({ ink }, random) =>
  `<path d="M14 -24Q22 -44 38 -38" stroke="#a0713c" stroke-width="5" fill="none"/>` +
  `<rect x="2" y="-30" width="18" height="12" rx="2" transform="rotate(28 11 -24)" fill="${ink}"/>` +
  `<circle cx="-4" cy="10" r="34" fill="${ink}"/><path d="M-26 0A24 24 0 0 1 -8 -16" stroke="#fff" stroke-width="5" fill="none" opacity=".7" stroke-linecap="round"/>` +
  `<g transform="translate(40 -38)"><polygon points="${star(8, 14, 5, random, 0.3)}" fill="#ff9d1c"/><circle r="4" fill="#fff6b0"/></g>`;
