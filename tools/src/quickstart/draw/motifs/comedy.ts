import type { Motif } from './motif.js';

export const banana: Motif = ({ ink }) =>
  `<path d="M-8 -44Q-2 -20 -6 2Q-30 4 -46 34Q-26 24 -8 20Q-10 34 -2 48Q6 34 6 20Q24 22 44 36Q32 6 8 2Q10 -22 2 -46Z" fill="#ffd93b" stroke="${ink}" stroke-width="2.5" stroke-linejoin="round"/>` +
  `<path d="M-8 -44L2 -46L3 -38L-6 -36Z" fill="#6b4a1a"/><path d="M-6 4Q-24 10 -38 26M6 4Q24 10 38 28M0 6V36" stroke="#c99a17" stroke-width="2.5" fill="none"/>`;

export const disguise: Motif = ({ ink }, random) =>
  `<g fill="${ink}"><path d="M-44 -34Q-26 -46 -8 -34L-10 -28Q-26 -38 -42 -28Z"/><path d="M44 -34Q26 -46 8 -34L10 -28Q26 -38 42 -28Z"/>` +
  `<path d="M0 18Q-10 12 -22 20Q-36 28 -46 20Q-42 42 -20 38Q-6 36 0 26Q6 36 20 38Q42 42 46 20Q36 28 22 20Q10 12 0 18Z"/></g>` +
  `<g fill="#fff" fill-opacity=".75" stroke="${ink}" stroke-width="6"><circle cx="-25" cy="-10" r="18"/><circle cx="25" cy="-10" r="18"/></g>` +
  `<path d="M-7 -8Q0 -14 7 -8L14 12Q16 22 0 22Q-16 22 -14 12Z" fill="#f2a98a" stroke="${ink}" stroke-width="2.5"/>` +
  `<g fill="${ink}"><circle cx="${random.next() < 0.5 ? -20 : -30}" cy="-9" r="6"/><circle cx="20" cy="-9" r="6"/></g>`;

export const duck: Motif = ({ ink }) =>
  `<path d="M-42 14Q-46 -10 -34 -6Q-24 4 -4 0Q-14 -10 -12 -24Q-8 -46 14 -44Q34 -42 34 -22Q34 -10 26 -2Q40 10 34 26Q28 42 -4 42Q-36 42 -42 14Z" fill="#ffd51f" stroke="${ink}" stroke-width="2.5"/>` +
  `<path d="M32 -28Q48 -30 50 -20Q44 -12 32 -16Z" fill="#f47b20" stroke="${ink}" stroke-width="2"/>` +
  `<circle cx="20" cy="-28" r="5" fill="#fff"/><circle cx="21" cy="-28" r="3" fill="#111"/>` +
  `<path d="M-22 14Q-4 30 14 14Q10 2 -6 6Q-18 8 -22 14Z" fill="#f5b800"/>`;

export const pie: Motif = ({ ink }) =>
  `<path d="M-46 10H46L34 34H-34Z" fill="#c98545" stroke="${ink}" stroke-width="2.5"/>` +
  `<path d="M-48 12Q-52 -2 -38 -6Q-38 -22 -20 -20Q-14 -38 4 -32Q22 -36 26 -20Q42 -20 40 -6Q54 0 46 12Q38 20 30 12Q20 20 10 12Q0 20 -10 12Q-20 20 -30 12Q-40 20 -48 12Z" fill="#fff8ec" stroke="${ink}" stroke-width="2.5"/>` +
  `<circle cx="2" cy="-38" r="9" fill="#d91f3c"/><path d="M2 -46Q6 -52 14 -52" stroke="#3d7a2a" stroke-width="2.5" fill="none"/>`;

export const partyHat: Motif = ({ accent, pop, ink }) =>
  `<path d="M0 -40L34 38Q0 50 -34 38Z" fill="${accent}" stroke="${ink}" stroke-width="2.5"/>` +
  `<path d="M-9 -18L12 -12L18 2L-16 -4ZM-22 12L24 18L30 32L-29 26Z" fill="${pop}"/>` +
  `<g fill="#fff"><circle cy="-42" r="9"/><circle cx="-30" cy="40" r="6"/><circle cx="-15" cy="44" r="6"/><circle cy="45" r="6"/><circle cx="15" cy="44" r="6"/><circle cx="30" cy="40" r="6"/></g>`;

export const grin: Motif = ({ ink }, random) =>
  `<circle r="44" fill="#ffd93b" stroke="${ink}" stroke-width="3"/>` +
  `<path d="M-28 6H28Q24 34 0 34Q-24 34 -28 6Z" fill="#8a1020"/><path d="M-26 6H26L24 14H-24Z" fill="#fff"/>` +
  (random.next() < 0.5
    ? `<g fill="${ink}"><ellipse cx="-15" cy="-14" rx="5" ry="9"/><path d="M8 -12Q16 -20 24 -12L24 -9Q16 -16 8 -9Z"/></g>`
    : `<g fill="${ink}"><ellipse cx="-15" cy="-14" rx="5" ry="9"/><ellipse cx="15" cy="-14" rx="5" ry="9"/></g>`);
