import { at, repeat, star } from '../svg.js';

import type { Motif } from './motif.js';

export const cactus: Motif = ({ ink }, random) =>
  `<g fill="none" stroke="${random.next() < 0.5 ? '#3f7a3a' : ink}" stroke-linecap="round" stroke-linejoin="round"><path d="M0 50V-40" stroke-width="18"/><path d="M0 20H-20Q-28 20 -28 10V-10M0 8H20Q29 8 29 -4V-24" stroke-width="12"/></g>` +
  `<path d="M-3 46V-40M4 46V-38" stroke="#fff" stroke-opacity=".25" stroke-width="1.5"/><circle cx="2" cy="-48" r="4" fill="#e8506a"/>`;

export const cowboyHat: Motif = ({ ink, accent }, random) =>
  `<path d="M-50 8Q-40 26 0 26Q40 26 50 8Q52 2 46 4Q34 12 24 10Q24 -24 12 -30Q6 -32 0 -26Q-6 -32 -12 -30Q-24 -24 -24 10Q-34 12 -46 4Q-52 2 -50 8Z" fill="${random.next() < 0.5 ? '#7a4a22' : ink}"/><path d="M-24 2Q0 10 24 2L24 10Q0 18 -24 10Z" fill="${accent}"/>`;

export const horseshoe: Motif = ({ ink }) =>
  `<path d="M-22 42Q-46 -36 0 -38Q46 -36 22 42" fill="none" stroke="#8d8f94" stroke-width="16"/><path d="M-22 42Q-46 -36 0 -38Q46 -36 22 42" fill="none" stroke="${ink}" stroke-width="4" stroke-dasharray="3 12"/><path d="M-34 40H-12V48H-34ZM34 40H12V48H34Z" fill="#8d8f94"/>`;

export const badge: Motif = ({ ink }) =>
  `<polygon points="${star(5, 46, 24)}" fill="#e2b13c" stroke="${ink}" stroke-width="2.5" stroke-linejoin="round"/>` +
  repeat(5, (i) => {
    const angle = (Math.PI * 2 * i) / 5 - Math.PI / 2;
    return `<circle cx="${at(46 * Math.cos(angle))}" cy="${at(46 * Math.sin(angle))}" r="6" fill="#e2b13c" stroke="${ink}" stroke-width="2"/>`;
  }) +
  `<circle r="16" fill="none" stroke="${ink}" stroke-width="2.5"/><polygon points="${star(5, 11, 5)}" fill="${ink}"/>`;

export const wheel: Motif = ({ ink }) =>
  `<g fill="none" stroke="#6b4323"><circle r="42" stroke-width="8"/><circle r="42" stroke="${ink}" stroke-width="2"/>` +
  repeat(6, (i) => `<path d="M-40 0H40" stroke-width="5" transform="rotate(${i * 30})"/>`) +
  `</g><circle r="11" fill="#6b4323" stroke="${ink}" stroke-width="2"/><circle r="4" fill="${ink}"/>`;

export const gunslinger: Motif = ({ ink }) =>
  `<g fill="${ink}"><path d="M-22 -38Q0 -32 22 -38Q14 -30 0 -30Q-14 -30 -22 -38ZM-10 -36Q-10 -52 0 -48Q10 -52 10 -36Z"/><circle cy="-30" r="7"/><path d="M-16 -22Q0 -26 16 -22L28 2L22 6L13 -8L13 8L22 50H12L0 16L-12 50H-22L-13 8L-13 -8L-22 6L-28 2Z"/><path d="M18 4L30 10L28 14L16 9Z"/></g><path d="M-24 50H-10M24 50H10" stroke="${ink}" stroke-width="4"/>`;
