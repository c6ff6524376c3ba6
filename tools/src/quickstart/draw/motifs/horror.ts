import { at, between, repeat } from '../svg.js';

import type { Motif } from './motif.js';

export const ghost: Motif = ({ ink }, random) =>
  `<path d="M-32 44V-10Q-32 -48 0 -48Q32 -48 32 -10V44Q24 30 16 44Q8 30 0 44Q-8 30 -16 44Q-24 30 -32 44Z" fill="#eef4f2" opacity=".93"/>` +
  `<g fill="${ink}"><ellipse cx="-12" cy="-14" rx="6" ry="9"/><ellipse cx="12" cy="-14" rx="6" ry="9"/><ellipse cy="12" rx="9" ry="${at(between(random, 6, 14))}"/></g>`;

export const bats: Motif = ({ ink }, random) =>
  repeat(4, () => {
    const bat = `<path d="M0 -6L4 -12L6 -4Q20 -18 44 -10Q34 -4 34 8Q24 0 16 10Q8 4 0 16Q-8 4 -16 10Q-24 0 -34 8Q-34 -4 -44 -10Q-20 -18 -6 -4L-4 -12Z" fill="${ink}"/>`;
    return `<g transform="translate(${at(between(random, -30, 30))} ${at(between(random, -36, 36))}) rotate(${at(between(random, -25, 25))}) scale(${at(between(random, 0.4, 0.8))})">${bat}</g>`;
  });

export const skull: Motif = ({ ink, pop }) =>
  `<path d="M-38 -8Q-38 -46 0 -46Q38 -46 38 -8Q38 10 24 18V36Q0 44 -24 36V18Q-38 10 -38 -8Z" fill="#f1ead8"/>` +
  `<g fill="${ink}"><ellipse cx="-16" cy="-6" rx="11" ry="12"/><ellipse cx="16" cy="-6" rx="11" ry="12"/><path d="M0 6L6 18H-6Z"/></g>` +
  `<path d="M-14 24V38M-5 25V40M5 25V40M14 24V38M-22 25H22" stroke="${ink}" stroke-width="2.5"/><circle cx="-16" cy="-5" r="3" fill="${pop}"/><circle cx="16" cy="-5" r="3" fill="${pop}"/>`;

export const graveHand: Motif = ({ ink, accent }) =>
  `<path d="M-12 46L-14 6L-28 -14Q-34 -22 -28 -24Q-23 -26 -18 -18L-12 -8L-16 -40Q-16 -46 -11 -46Q-7 -46 -6 -40L-3 -14L0 -46Q1 -52 6 -51Q10 -50 9 -44L8 -14L15 -40Q17 -46 21 -44Q25 -42 23 -36L18 -10L26 -24Q30 -30 34 -27Q37 -24 34 -18L20 10L14 46Z" fill="${accent}" stroke="${ink}" stroke-width="2"/>` +
  `<path d="M-46 50Q-36 32 -20 38Q-4 30 10 38Q30 30 46 50Z" fill="${ink}"/>`;

export const pumpkin: Motif = ({ ink }) =>
  `<path d="M-4 -30Q-4 -46 10 -46L12 -40Q6 -38 6 -28Z" fill="#3f6b2a"/><g fill="#ee7a1a"><ellipse cx="-26" cy="6" rx="22" ry="32"/><ellipse cx="26" cy="6" rx="22" ry="32"/></g><ellipse cy="6" rx="24" ry="36" fill="#f98f2b"/>` +
  `<g fill="${ink}"><path d="M-28 -6L-10 -2L-20 -20ZM28 -6L10 -2L20 -20ZM0 0L6 10H-6Z"/><path d="M-32 16L-20 22L-14 16L-6 24L0 17L8 24L14 16L20 22L32 16Q22 38 0 38Q-22 38 -32 16Z"/></g>`;

export const eyes: Motif = ({ accent }, random) =>
  repeat(3, (i) => {
    const look = between(random, -4, 4);
    return `<g transform="translate(${[-20, 22, -4][i] ?? 0} ${[-26, -2, 28][i] ?? 0}) scale(${[0.8, 1, 0.7][i] ?? 1})"><path d="M-28 -4Q-16 -16 -4 -2Q-16 6 -28 -4ZM28 -4Q16 -16 4 -2Q16 6 28 -4Z" fill="${accent}"/><ellipse cx="${at(-15 + look)}" cy="-5" rx="2.4" ry="5"/><ellipse cx="${at(15 + look)}" cy="-5" rx="2.4" ry="5"/></g>`;
  });
