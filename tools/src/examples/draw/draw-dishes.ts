import path from 'node:path';

import { createRandom, type Random } from '@kindred/core';

import { at, between, pick, place, repeat } from '../../quickstart/draw/svg.js';

import { sheet, writeSvg } from './write-svg.js';

const TABLES = ['#7a5230', '#c9b79c', '#3d4a52', '#e8e3d9', '#8a3b2e'] as const;
const PLATES = ['#f7f4ee', '#e4ebf0', '#f3e3c7', '#2f3437'] as const;
const FOODS = ['#c8442f', '#e5a82b', '#6f9a3a', '#8b5a2b', '#f1d9a0', '#b5305a', '#d97b35'] as const;

/** Draws `count` plates of food from above into `folder`, 240 by 240 pixels. The same seed gives the same bytes. */
export async function drawDishes(folder: string, { count, seed }: { count: number; seed: number }): Promise<void> {
  const root = createRandom(seed).fork('dishes');
  for (let i = 0; i < count; i++) {
    await writeSvg(path.join(folder, `dish${String(i + 1).padStart(4, '0')}.jpg`), dish(root.fork(String(i))));
  }
}

function dish(random: Random): string {
  const radius = between(random, 80, 108);
  const rim = `<circle r="${at(radius)}" fill="${pick(random, PLATES)}" stroke="#0003" stroke-width="3"/>`;
  const well = `<circle r="${at(radius * 0.72)}" fill="none" stroke="#0002" stroke-width="2"/>`;
  const palette = [pick(random, FOODS), pick(random, FOODS), pick(random, FOODS)];
  const bites = repeat(12 + random.integer(20), () => bite(random, pick(random, palette), radius * 0.6));
  const plate = place(rim + well + bites, between(random, 105, 135), between(random, 105, 135));
  return sheet(240, 240, pick(random, TABLES), plate);
}

/** A piece of food somewhere on the plate, with a highlight. */
function bite(random: Random, colour: string, reach: number): string {
  const angle = between(random, 0, 2 * Math.PI);
  const distance = reach * Math.sqrt(random.next());
  const [rx, ry] = [between(random, 7, 20), between(random, 6, 14)];
  const body = `<ellipse rx="${at(rx)}" ry="${at(ry)}" fill="${colour}" stroke="#0003"/><ellipse cx="${at(-rx / 3)}" cy="${at(-ry / 3)}" rx="${at(rx / 4)}" ry="${at(ry / 4)}" fill="#fff5"/>`;
  return place(body, distance * Math.cos(angle), distance * Math.sin(angle), 1, between(random, 0, 180));
}
