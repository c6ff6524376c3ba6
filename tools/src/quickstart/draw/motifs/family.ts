import { repeat } from '../svg.js';

import type { Motif } from './motif.js';

export const balloons: Motif = ({ ink }, random) => {
  const colours = random.shuffle(['#ef4b3f', '#ffc93c', '#3aa6dd', '#6cc04a', '#b25bd6']);
  const spots = [
    [-24, -14],
    [24, -12],
    [0, -28],
    [-10, 0],
    [13, 2],
  ] as const;
  return spots
    .map(
      ([x, y], i) =>
        `<path d="M${x} ${y + 18}Q${x / 2} 34 0 50" stroke="${ink}" stroke-width="1.2" fill="none"/>` +
        `<ellipse cx="${x}" cy="${y}" rx="15" ry="19" fill="${colours[i] ?? ink}"/><ellipse cx="${x - 5}" cy="${y - 7}" rx="3" ry="5" fill="#fff" opacity=".7"/>`,
    )
    .join('');
};

export const dog: Motif = ({ ink, accent }, random) => {
  const coat = random.next() < 0.5 ? '#c98a4b' : '#f1e3cc';
  return (
    `<path d="M-22 -30Q-52 -34 -48 12Q-36 20 -28 0Z" fill="#6b4426"/><path d="M22 -30Q52 -34 48 12Q36 20 28 0Z" fill="#6b4426"/>` +
    `<path d="M-30 -10Q-30 -40 0 -40Q30 -40 30 -10Q34 34 0 38Q-34 34 -30 -10Z" fill="${coat}" stroke="${ink}" stroke-width="2"/>` +
    `<ellipse cy="16" rx="20" ry="16" fill="#fff8ee"/><path d="M-8 6Q0 0 8 6Q6 14 0 15Q-6 14 -8 6Z" fill="#1b1b1b"/>` +
    `<path d="M0 15V20Q-6 26 -12 22M0 20Q6 26 12 22" stroke="#1b1b1b" stroke-width="2" fill="none"/><path d="M-5 24Q0 46 7 24Z" fill="#f0627a"/>` +
    `<circle cx="-12" cy="-10" r="5" fill="#1b1b1b"/><circle cx="12" cy="-10" r="5" fill="#1b1b1b"/><path d="M-26 36Q0 48 26 36L24 44Q0 54 -24 44Z" fill="${accent}"/>`
  );
};

export const house: Motif = ({ ink, accent }) =>
  `<rect x="20" y="-40" width="10" height="22" fill="${ink}"/><rect x="-32" y="-8" width="64" height="52" fill="#fff3d6" stroke="${ink}" stroke-width="2.5"/>` +
  `<path d="M-44 -6L0 -44L44 -6Z" fill="${accent}" stroke="${ink}" stroke-width="2.5"/><rect x="-8" y="16" width="16" height="28" fill="#7b4a2a"/>` +
  `<g fill="#8fd6ff" stroke="${ink}" stroke-width="2"><rect x="-26" y="4" width="13" height="13"/><rect x="13" y="4" width="13" height="13"/></g><circle cx="4" cy="31" r="1.8" fill="#ffd23f"/>`;

export const kite: Motif = ({ ink, accent, pop }) =>
  `<path d="M-10 -48L26 -14L-2 22L-38 -18Z" fill="${accent}"/><path d="M-10 -48L26 -14L-20 -16Z" fill="${pop}"/><path d="M-10 -48L-2 22M-38 -18L26 -14" stroke="${ink}" stroke-width="1.5"/>` +
  `<path d="M-2 22Q18 30 8 40Q-2 50 30 50" stroke="${ink}" stroke-width="2" fill="none"/><path d="M8 26l8 -4l0 8l-8 -4l-6 -5v9ZM8 41l8 -4v8l-8 -4l-8 -4v8Z" fill="#ef4b3f"/>`;

export const bear: Motif = ({ accent }) =>
  `<g fill="#a8703d"><circle cx="-24" cy="-34" r="12"/><circle cx="24" cy="-34" r="12"/><ellipse cx="-30" cy="22" rx="11" ry="16"/><ellipse cx="30" cy="22" rx="11" ry="16"/><ellipse cy="24" rx="28" ry="26"/><ellipse cx="-18" cy="44" rx="13" ry="9"/><ellipse cx="18" cy="44" rx="13" ry="9"/></g>` +
  `<ellipse cy="28" rx="16" ry="15" fill="#e2bb87"/><circle cy="-18" r="28" fill="#b67d46"/><g fill="#e2bb87"><circle cx="-24" cy="-34" r="6"/><circle cx="24" cy="-34" r="6"/><ellipse cy="-9" rx="13" ry="11"/></g>` +
  `<g fill="#24160c"><circle cx="-10" cy="-24" r="3.5"/><circle cx="10" cy="-24" r="3.5"/><ellipse cy="-13" rx="5" ry="3.5"/></g><path d="M0 -9Q-4 -3 -8 -6M0 -9Q4 -3 8 -6" stroke="#24160c" stroke-width="1.8" fill="none"/><path d="M0 8L-14 2V14ZL14 2V14Z" fill="${accent}"/>`;

export const rainbow: Motif = () =>
  repeat(6, (i) => {
    const radius = 48 - i * 5;
    const colour = ['#ef4b3f', '#ff9636', '#ffd93b', '#62bb47', '#3a9ee0', '#8a4fd0'][i] ?? '#fff';
    return `<path d="M${-radius} 24A${radius} ${radius} 0 0 1 ${radius} 24" stroke="${colour}" stroke-width="5.4" fill="none"/>`;
  }) +
  `<g fill="#fff"><circle cx="-44" cy="26" r="9"/><circle cx="-34" cy="22" r="10"/><circle cx="-25" cy="28" r="8"/><circle cx="44" cy="26" r="9"/><circle cx="34" cy="22" r="10"/><circle cx="25" cy="28" r="8"/></g>`;
