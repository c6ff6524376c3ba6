import { between, at } from '../svg.js';

import type { Motif } from './motif.js';

const HEART = 'M0 40Q-48 6 -44 -18Q-40 -38 -20 -36Q-6 -34 0 -20Q6 -34 20 -36Q40 -38 44 -18Q48 6 0 40Z';

export const heart: Motif = ({ accent }, random) =>
  `<path d="${HEART}" fill="${random.next() < 0.6 ? '#d81f45' : accent}"/><path d="M-32 -14Q-30 -27 -18 -27" stroke="#fff" stroke-width="5" fill="none" stroke-linecap="round" opacity=".7"/>` +
  `<g transform="translate(34 28) rotate(${at(between(random, 5, 25))}) scale(.32)"><path d="${HEART}" fill="#f5688a"/></g>`;

export const rose: Motif = () =>
  `<path d="M0 0Q8 26 -4 50" stroke="#2f6b35" stroke-width="4" fill="none"/><path d="M2 24Q18 10 30 20Q20 34 2 24ZM0 36Q-18 24 -28 34Q-16 46 0 36Z" fill="#3b8442"/>` +
  `<path d="M-24 -26Q-30 2 0 6Q30 2 24 -26Q14 -20 12 -34Q0 -50 -12 -34Q-14 -20 -24 -26Z" fill="#c4143a"/><path d="M-12 -34Q0 -22 12 -34Q10 -10 0 -10Q-12 -12 -12 -34Z" fill="#e8426a"/><path d="M-24 -26Q-8 -20 0 6Q8 -20 24 -26" fill="none" stroke="#7d0a22" stroke-width="2.5"/>`;

export const ring: Motif = ({ pop }) =>
  `<circle cy="16" r="28" fill="none" stroke="#e9b93c" stroke-width="8"/><path d="M-16 -34H16L26 -24L0 4L-26 -24Z" fill="#d8f3ff" stroke="#7fb6d0" stroke-width="2"/><path d="M-26 -24H26M-8 -24L0 4L8 -24L0 -34Z" fill="none" stroke="#7fb6d0" stroke-width="1.6"/>` +
  `<path d="M36 -46V-30M28 -38H44M-36 -46V-36M-41 -41H-31" stroke="${pop}" stroke-width="2.5"/>`;

export const couple: Motif = ({ ink, accent }) =>
  `<circle cx="-9" cy="-34" r="10" fill="${ink}"/><circle cx="11" cy="-30" r="9.5" fill="${ink}"/><path d="M12 -40Q30 -34 22 -6L14 -20Z" fill="${ink}"/>` +
  `<path d="M-26 50L-24 -10Q-22 -24 -9 -23Q2 -22 3 -10L4 50Z" fill="${ink}"/><path d="M-4 50L4 -12Q6 -21 12 -20Q22 -18 22 -8L24 14L38 50Z" fill="${accent}"/><path d="M20 -10Q8 2 -14 -6" stroke="${accent}" stroke-width="6" fill="none" stroke-linecap="round"/>`;

export const toast: Motif = ({ ink, pop }) => {
  const glass = `<path d="M-14 -34H14Q16 0 0 4Q-16 0 -14 -34Z" fill="#fff" fill-opacity=".55" stroke="${ink}" stroke-width="2"/><path d="M-14 -20H14Q13 0 0 3Q-13 0 -14 -20Z" fill="#b3173d"/><path d="M0 4V36M-12 38H12" stroke="${ink}" stroke-width="3"/>`;
  return `<g transform="translate(-20 6) rotate(14)">${glass}</g><g transform="translate(20 6) rotate(-14)">${glass}</g><path d="M0 -50V-38M-14 -47L-8 -38M14 -47L8 -38" stroke="${pop}" stroke-width="3"/>`;
};

export const tower: Motif = ({ ink }) =>
  `<path d="M0 -50L3 -30L7 -6L14 20L28 48H16Q10 30 0 30Q-10 30 -16 48H-28L-14 20L-7 -6L-3 -30Z" fill="${ink}"/><path d="M-12 -4H12M-20 20H20" stroke="${ink}" stroke-width="5"/><path d="M-5 2L7 18M5 2L-7 18" stroke="#fff" stroke-width="1.5" opacity=".6"/>`;
