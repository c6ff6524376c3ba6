import path from 'node:path';

import { createRandom, type Random } from '@kindred/core';

import { between, points } from '../../quickstart/draw/svg.js';

import { sheet, writeSvg } from './write-svg.js';

type Stroke = readonly (readonly [x: number, y: number])[];

export interface CharactersOptions {
  readonly alphabets: number;
  /** Of each alphabet. */
  readonly characters: number;
  /** Drawings of each character. */
  readonly each: number;
  readonly seed: number;
}

/** Draws invented characters by several hands, black on white, 105 by 105 pixels: `alphabet1/character01/01.jpg`. */
export async function drawCharacters(folder: string, options: CharactersOptions): Promise<void> {
  const { alphabets, characters, each, seed } = options;
  const root = createRandom(seed).fork('characters');
  for (let a = 1; a <= alphabets; a++) {
    for (let c = 1; c <= characters; c++) {
      const random = root.fork(`${a}/${c}`);
      const strokes = Array.from({ length: 2 + random.integer(2) }, () => drawStroke(random));
      for (let i = 1; i <= each; i++) {
        const file = path.join(folder, `alphabet${a}`, `character${two(c)}`, `${two(i)}.jpg`);
        await writeSvg(file, written(strokes, random.fork(String(i))), { grey: true });
      }
    }
  }
}

const two = (count: number) => String(count).padStart(2, '0');

const drawStroke = (random: Random): Stroke =>
  Array.from({ length: 3 + random.integer(3) }, () => [between(random, 15, 90), between(random, 15, 90)] as const);

/** The character as one hand writes it: every point a little elsewhere. */
function written(strokes: readonly Stroke[], random: Random): string {
  const shake = () => 3 * random.normal();
  const [dx, dy] = [shake(), shake()];
  const lines = strokes.map((stroke) => {
    const moved = stroke.map(([x, y]) => [x + dx + shake() / 2, y + dy + shake() / 2] as const);
    return `<polyline points="${points(moved)}" fill="none" stroke="#000" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/>`;
  });
  return sheet(105, 105, '#fff', lines.join(''));
}
