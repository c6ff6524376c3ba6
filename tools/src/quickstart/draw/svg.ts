import type { Random } from '@kindred/core';

/** A coordinate as text: one decimal is below what a 300 pixel poster shows, and keeps floating-point dust out of the bytes. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);

/** A polygon's or polyline's `points` attribute. */
export const points = (pairs: readonly (readonly [x: number, y: number])[]): string =>
  pairs.map(([x, y]) => `${at(x)},${at(y)}`).join(' ');

/** Moves `body`, drawn around the origin, to (x, y); `scale` 1 keeps its size, `turn` is in degrees. */
export function place(body: string, x: number, y: number, scale = 1, turn = 0): string {
  const turned = turn === 0 ? '' : ` rotate(${at(turn)})`;
  return `<g transform="translate(${at(x)} ${at(y)})${turned} scale(${scale.toFixed(3)})">${body}</g>`;
}

/** A top-down gradient's definition; use it as `fill="url(#id)"`. */
export const fade = (id: string, top: string, bottom: string): string =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/>` +
  `<stop offset="1" stop-color="${bottom}"/></linearGradient>`;

/** A gradient's definition that fades from `colour` in the middle to nothing. */
export const glow = (id: string, colour: string): string =>
  `<radialGradient id="${id}"><stop offset="0" stop-color="${colour}" stop-opacity=".6"/>` +
  `<stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>`;

/** A star of `spikes` points around the origin; `wobble` 0..1 makes its spikes uneven. */
export function star(spikes: number, outer: number, inner: number, random?: Random, wobble = 0): string {
  const corners = Array.from({ length: spikes * 2 }, (_, i): [number, number] => {
    const reach = (i % 2 === 0 ? outer : inner) * (1 - wobble * (random?.next() ?? 0));
    const angle = (Math.PI * i) / spikes - Math.PI / 2;
    return [reach * Math.cos(angle), reach * Math.sin(angle)];
  });
  return points(corners);
}

/** A number from `low` up to `high`. */
export const between = (random: Random, low: number, high: number): number => low + (high - low) * random.next();

/** One of `items`. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random.integer(items.length)];
  if (item === undefined) throw new RangeError('there must be something to pick from');
  return item;
}

/** `count` drawings, one after another. */
export const repeat = (count: number, draw: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => draw(i)).join('');
