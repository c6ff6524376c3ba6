import { at, between, place, repeat } from '../svg.js';

import type { Backdrop } from './backdrop.js';

export const plain: Backdrop = () => '';

export const disc: Backdrop = ({ accent }, { width, height }, random) =>
  `<circle cx="${at(width / 2)}" cy="${at(height * between(random, 0.45, 0.55))}" r="${at(between(random, 95, 135))}" fill="${accent}" opacity=".55"/>`;

export const dots: Backdrop = ({ pop }, { width, height }, random) => {
  const gap = between(random, 24, 38);
  const columns = Math.ceil(width / gap) + 1;
  const rows = Math.ceil(height / gap) + 1;
  return repeat(columns * rows, (i) => {
    const row = Math.floor(i / columns);
    const x = ((i % columns) + (row % 2) / 2) * gap;
    return `<circle cx="${at(x)}" cy="${at(row * gap)}" r="${at(gap * 0.22)}" fill="${pop}" opacity=".6"/>`;
  });
};

export const confetti: Backdrop = ({ accent, pop, ground }, { width, height }, random) =>
  repeat(70, (i) => {
    const piece = `<rect x="-4" y="-2" width="8" height="4" fill="${[accent, pop, ground][i % 3] ?? pop}"/>`;
    return place(piece, between(random, 0, width), between(random, 0, height), 1, between(random, 0, 180));
  });

export const curtain: Backdrop = ({ accent, ink }, { width, height }) => {
  const folds = repeat(
    5,
    (i) =>
      `<path d="M${i * 13} 0Q${i * 13 + 10} ${at(height * 0.5)} ${i * 9} ${height}H${i * 9 + 8}Q${i * 13 + 18} ${at(height * 0.5)} ${i * 13 + 9} 0Z" fill="${ink}" opacity=".25"/>`,
  );
  const side = `<path d="M0 0H66Q58 ${at(height * 0.5)} 44 ${height}H0Z" fill="${accent}"/>${folds}`;
  return `${side}<g transform="translate(${width} 0) scale(-1 1)">${side}</g>`;
};

export const blinds: Backdrop = ({ ink }, { width, height }, random) => {
  const gap = between(random, 18, 26);
  const slats = repeat(
    Math.ceil(height / gap) + 4,
    (i) => `<rect x="-80" y="${at(i * gap - 60)}" width="${width + 160}" height="${at(gap * 0.5)}"/>`,
  );
  return `<g fill="${ink}" opacity=".3" transform="rotate(${at(between(random, -14, 14))})">${slats}</g>`;
};

export const petals: Backdrop = ({ accent, pop }, { width, height }, random) =>
  repeat(34, () => {
    const petal = `<path d="M0 -8Q9 0 0 9Q-9 0 0 -8Z" fill="${random.next() < 0.6 ? accent : pop}" opacity=".6"/>`;
    return place(
      petal,
      between(random, 0, width),
      between(random, 0, height),
      between(random, 0.6, 1.4),
      between(random, 0, 180),
    );
  });

export const rain: Backdrop = ({ pop, ground }, { width, height }, random) =>
  `<rect y="${at(height * 0.82)}" width="${width}" height="${at(height * 0.18)}" fill="${ground}"/>` +
  `<g stroke="${pop}" stroke-width="1.2" opacity=".55">${repeat(80, () => {
    const [x, y] = [between(random, 0, width + 30), between(random, -20, height * 0.9)];
    return `<path d="M${at(x)} ${at(y)}l-9 28"/>`;
  })}</g>`;
