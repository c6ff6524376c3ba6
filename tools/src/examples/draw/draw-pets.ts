import path from 'node:path';

import { createRandom, type Random } from '@kindred/core';

import { at, between, pick, place, points, repeat } from '../../quickstart/draw/svg.js';

import { sheet, writeSvg } from './write-svg.js';

const FURS = ['#c98a4b', '#5f5f66', '#e9dcc3', '#3a2c22', '#a8a29a'] as const;
const ROOMS = ['#cfe0c3', '#d8c7b2', '#b9c9d9', '#8fa58f', '#e6e0d4'] as const;

export const SPECIES = ['cat', 'dog'] as const;

/** Draws `each` heads of cats and of dogs, 200 by 200 pixels, a folder for each. The same seed gives the same bytes. */
export async function drawPets(folder: string, { each, seed }: { each: number; seed: number }): Promise<void> {
  const root = createRandom(seed).fork('pets');
  for (const species of SPECIES) {
    for (let i = 1; i <= each; i++) {
      const file = path.join(folder, species, `${species}${String(i).padStart(4, '0')}.jpg`);
      await writeSvg(file, pet(species, root.fork(`${species} ${i}`)));
    }
  }
}

function pet(species: (typeof SPECIES)[number], random: Random): string {
  const fur = pick(random, FURS);
  const radius = between(random, 48, 64);
  const head = `<circle r="${at(radius)}" fill="${fur}"/>`;
  const eye = (side: number) =>
    `<ellipse cx="${at(side * radius * 0.4)}" cy="${at(-radius * 0.15)}" rx="${species === 'cat' ? 9 : 6}" ry="7" fill="${species === 'cat' ? '#b7d34a' : '#2b1c12'}"/><ellipse cx="${at(side * radius * 0.4)}" cy="${at(-radius * 0.15)}" rx="2" ry="6" fill="#111"/>`;
  const face = head + eye(-1) + eye(1) + (species === 'cat' ? catFace(radius) : dogFace(radius));
  const ears = [-1, 1].map((side) => (species === 'cat' ? catEar : dogEar)(side, radius, fur)).join('');
  const [x, y] = [between(random, 80, 120), between(random, 90, 120)];
  const body = species === 'cat' ? ears + face : face + ears;
  return sheet(200, 200, pick(random, ROOMS), place(body, x, y, between(random, 0.8, 1.1), between(random, -12, 12)));
}

const catEar = (side: number, radius: number, fur: string) =>
  `<polygon points="${points([
    [side * radius * 0.95, -radius * 0.3],
    [side * radius * 0.75, -radius * 1.35],
    [side * radius * 0.2, -radius * 0.9],
  ])}" fill="${fur}" stroke="#0004"/>`;

const dogEar = (side: number, radius: number, fur: string) =>
  `<ellipse cx="${at(side * radius)}" cy="${at(radius * 0.1)}" rx="${at(radius * 0.3)}" ry="${at(radius * 0.7)}" fill="${fur}" stroke="#0006" stroke-width="2"/>`;

const catFace = (radius: number) =>
  `<polygon points="-5,10 5,10 0,17" fill="#d98a94"/>${repeat(6, (i) => {
    const side = i < 3 ? -1 : 1;
    return `<line x1="${side * 8}" y1="18" x2="${at(side * radius * 1.1)}" y2="${10 + (i % 3) * 8}" stroke="#fffc" stroke-width="1.5"/>`;
  })}`;

const dogFace = (radius: number) =>
  `<ellipse cy="${at(radius * 0.4)}" rx="${at(radius * 0.45)}" ry="${at(radius * 0.38)}" fill="#fff8"/><ellipse cy="${at(radius * 0.2)}" rx="11" ry="8" fill="#181210"/><path d="M -12 ${at(radius * 0.5)} Q 0 ${at(radius * 0.75)} 12 ${at(radius * 0.5)}" fill="#c8566b"/>`;
