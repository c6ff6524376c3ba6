import { at, between, place, points, repeat } from '../svg.js';

import type { Backdrop } from './backdrop.js';

export const city: Backdrop = ({ ground, pop }, { width, height }, random) => {
  let x = 0;
  let towers = '';
  while (x < width) {
    const breadth = between(random, 22, 46);
    const top = height * between(random, 0.48, 0.76);
    towers += `<rect x="${at(x)}" y="${at(top)}" width="${at(breadth)}" height="${at(height - top)}" fill="${ground}"/>`;
    for (let y = top + 8; y < height * 0.86; y += 13) {
      for (let wx = x + 5; wx < x + breadth - 6; wx += 10) {
        if (random.next() < 0.45) {
          towers += `<rect x="${at(wx)}" y="${at(y)}" width="4" height="6" fill="${pop}" opacity=".8"/>`;
        }
      }
    }
    x += breadth;
  }
  return towers;
};

export const desert: Backdrop = ({ ground, pop, ink }, { width, height }, random) => {
  const horizon = height * between(random, 0.66, 0.76);
  const mesa = (x: number, scale: number): string =>
    place('<path d="M-60 0L-42 -58L-38 -62H34L40 -56L58 0Z"/>', x, horizon + 1, scale);
  return (
    `<circle cx="${at(width * between(random, 0.3, 0.7))}" cy="${at(horizon - 20)}" r="${at(between(random, 50, 85))}" fill="${pop}" opacity=".85"/>` +
    `<g fill="${ground}" opacity=".75">${mesa(width * 0.16, 0.9)}${mesa(width * 0.88, between(random, 0.7, 1.3))}</g>` +
    `<rect y="${at(horizon)}" width="${width}" height="${at(height - horizon)}" fill="${ground}"/>` +
    `<path d="M${at(width * 0.47)} ${at(horizon)}L${at(width * 0.3)} ${height}H${at(width * 0.62)}L${at(width * 0.5)} ${at(horizon)}Z" fill="${ink}" opacity=".22"/>`
  );
};

export const forest: Backdrop = ({ ground, ink }, { width, height }, random) =>
  repeat(11, (i) => {
    const fill = i < 6 ? ground : ink;
    const tree =
      random.next() < 0.6
        ? `<path d="M0 -150L26 -90H14L36 -40H20L46 20H-46L-20 -40H-36L-14 -90H-26Z" fill="${fill}"/>`
        : `<path d="M-5 20L-3 -150H3L5 20ZM-2 -60L-34 -96M2 -84L30 -120M2 -30L36 -62" fill="${fill}" stroke="${fill}" stroke-width="3"/>`;
    return place(tree, between(random, 0, width), height * (i < 6 ? 0.84 : 0.97), between(random, 0.6, 1.15));
  }) + `<rect y="${at(height * 0.86)}" width="${width}" height="${at(height * 0.14)}" fill="${ink}"/>`;

export const sea: Backdrop = ({ ground, pop }, { width, height }, random) => {
  const horizon = height * between(random, 0.6, 0.7);
  const sun = width * between(random, 0.35, 0.65);
  return (
    `<circle cx="${at(sun)}" cy="${at(horizon - 6)}" r="48" fill="${pop}"/><rect y="${at(horizon)}" width="${width}" height="${at(height - horizon)}" fill="${ground}"/>` +
    repeat(12, (i) => {
      const half = between(random, 10, 50 - i * 2);
      return `<path d="M${at(sun - half)} ${at(horizon + 6 + i * 9)}H${at(sun + half)}" stroke="${pop}" stroke-width="2.5" opacity=".7"/>`;
    })
  );
};

export const grid: Backdrop = ({ accent, pop, ground }, { width, height }) => {
  const horizon = height * 0.64;
  const lines = repeat(13, (i) => {
    const x = width / 2 + (i - 6) * 14;
    const foot = width / 2 + (i - 6) * 90;
    return `<path d="M${at(x)} ${at(horizon)}L${at(foot)} ${height}"/>`;
  });
  const rungs = repeat(9, (i) => `<path d="M0 ${at(horizon + 3 + i * i * 2.4)}H${width}"/>`);
  return (
    `<circle cx="${width / 2}" cy="${at(horizon - 30)}" r="72" fill="${pop}" opacity=".8"/><rect y="${at(horizon)}" width="${width}" height="${at(height - horizon)}" fill="${ground}"/>` +
    `<g stroke="${accent}" stroke-width="1.6" fill="none">${lines}${rungs}</g>`
  );
};

export const graveyard: Backdrop = ({ ground, ink, pop }, { width, height }, random) =>
  `<circle cx="${at(width * between(random, 0.2, 0.8))}" cy="${at(height * 0.26)}" r="38" fill="${pop}" opacity=".8"/>` +
  `<polygon points="${points([
    [0, height],
    [0, height * 0.82],
    [width * 0.4, height * 0.74],
    [width, height * 0.84],
    [width, height],
  ])}" fill="${ground}"/>` +
  repeat(5, (i) => {
    const stone = `<path d="M-14 30V-12Q-14 -28 0 -28Q14 -28 14 -12V30Z" fill="${ink}"/><path d="M0 -20V4M-7 -12H7" stroke="${pop}" stroke-width="2" opacity=".5"/>`;
    const [x, y] = [30 + i * 62 + between(random, -12, 12), height * between(random, 0.82, 0.9)];
    return place(stone, x, y, between(random, 0.8, 1.3), between(random, -12, 12));
  });
