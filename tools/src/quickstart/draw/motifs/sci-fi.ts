import { between, at } from '../svg.js';

import type { Motif } from './motif.js';

export const planet: Motif = ({ accent, pop }, random) =>
  `<g transform="rotate(${at(between(random, -30, 10))})"><path d="M-50 0A50 13 0 0 1 50 0" stroke="${pop}" stroke-width="5" fill="none"/><circle r="30" fill="${accent}"/><path d="M-28 -10Q0 -2 28 -10M-30 4Q0 12 30 4M-24 18Q0 24 24 18" stroke="#000" stroke-opacity=".22" stroke-width="5" fill="none"/><path d="M0 -30A30 30 0 0 1 0 30A40 40 0 0 0 0 -30Z" fill="#000" opacity=".25"/><path d="M-50 0A50 13 0 0 0 50 0" stroke="${pop}" stroke-width="5" fill="none"/></g>`;

export const ufo: Motif = ({ ink, accent, pop }) =>
  `<path d="M-18 2L-44 52H44L18 2Z" fill="${accent}" opacity=".4"/><path d="M-20 -12Q-20 -36 0 -36Q20 -36 20 -12Z" fill="${pop}" opacity=".9"/><circle cy="-20" r="6" fill="#58b947"/><ellipse cy="-4" rx="48" ry="13" fill="#9aa7b4" stroke="${ink}" stroke-width="2"/><g fill="#ffe14d"><circle cx="-32" cy="-2" r="4"/><circle cx="-12" cy="3" r="4"/><circle cx="12" cy="3" r="4"/><circle cx="32" cy="-2" r="4"/></g>`;

export const rocket: Motif = ({ ink, accent }) =>
  `<g transform="rotate(28)"><path d="M-10 26Q-14 44 0 56Q14 44 10 26Z" fill="#ff8c1a"/><path d="M-5 26Q-6 38 0 44Q6 38 5 26Z" fill="#fff2a0"/><path d="M-16 4L-32 30L-14 24ZM16 4L32 30L14 24Z" fill="${accent}"/><path d="M0 -52Q22 -28 14 26H-14Q-22 -28 0 -52Z" fill="#e9eef2" stroke="${ink}" stroke-width="2"/><path d="M0 -52Q10 -42 13 -30H-13Q-10 -42 0 -52Z" fill="${accent}"/><circle cy="-10" r="8" fill="#6cc5ee" stroke="${ink}" stroke-width="3"/></g>`;

export const robot: Motif = ({ ink, accent }, random) =>
  `<path d="M0 -34V-46" stroke="${ink}" stroke-width="3"/><circle cy="-47" r="4.5" fill="#ff3b30"/><rect x="-30" y="-34" width="60" height="44" rx="6" fill="#aab6c0" stroke="${ink}" stroke-width="2.5"/><g fill="${ink}"><circle cx="-13" cy="-16" r="9"/><circle cx="13" cy="-16" r="9"/></g><g fill="${accent}"><circle cx="-13" cy="-16" r="5"/><circle cx="13" cy="-16" r="5"/></g>` +
  `<path d="M-16 ${random.next() < 0.5 ? '2L-8 2L-8 -2L0 -2L0 2L8 2L8 -2L16 -2' : '0H16'}" stroke="${ink}" stroke-width="3" fill="none"/><rect x="-22" y="13" width="44" height="36" rx="4" fill="#8694a0" stroke="${ink}" stroke-width="2.5"/><circle cy="28" r="7" fill="#ffd23f"/><path d="M-22 20L-40 34M22 20L40 34" stroke="#8694a0" stroke-width="8" stroke-linecap="round"/>`;

export const rayGun: Motif = ({ ink, accent, pop }) =>
  `<path d="M30 -18L52 -30M32 -14H56M30 -10L52 2" stroke="${pop}" stroke-width="3"/><path d="M-40 -28H6L28 -18V-10L6 0H-8L-16 36H-36L-30 0H-40Z" fill="${accent}" stroke="${ink}" stroke-width="2.5"/><path d="M-6 -28V0M4 -28V0" stroke="${ink}" stroke-width="3"/><circle cx="-26" cy="-14" r="8" fill="${pop}" stroke="${ink}" stroke-width="2"/><path d="M-10 4Q0 8 -6 16" stroke="${ink}" stroke-width="3" fill="none"/>`;

export const astronaut: Motif = ({ ink, accent }) =>
  `<rect x="-26" y="-2" width="52" height="40" rx="10" fill="#c9d1d8"/><path d="M-20 0Q-20 -6 0 -6Q20 -6 20 0L24 26H18V50H4V32H-4V50H-18V26H-24Z" fill="#f3f6f8" stroke="${ink}" stroke-width="2"/><circle cy="-24" r="23" fill="#f3f6f8" stroke="${ink}" stroke-width="2"/><path d="M-16 -26Q-16 -38 0 -38Q16 -38 16 -26Q16 -12 0 -12Q-16 -12 -16 -26Z" fill="#182c4a"/><path d="M-10 -28Q-9 -34 -2 -34" stroke="#fff" stroke-width="3" fill="none" stroke-linecap="round"/><rect x="-10" y="8" width="20" height="10" fill="${accent}"/>`;
