import type { Random } from '@kindred/core';

import { BACKDROPS } from './backdrops/index.js';
import { CUES, type Cues } from './cues.js';
import { FINISHES } from './finishes.js';
import { GENRES, type Genre } from './genres.js';
import { drawLayout } from './layouts.js';
import { drawLine } from './lettering/line.js';
import { LETTERINGS } from './lettering/styles.js';
import { drawTitle } from './lettering/title.js';
import { MOTIFS, type MotifName } from './motifs/index.js';
import { PALETTES } from './palette.js';
import { SHEET_HEIGHTS, SHEET_WIDTH, type Sheet } from './sheet.js';
import { between, fade, glow, pick, place } from './svg.js';
import { drawTitleText } from './titles.js';

/** How sure the cues are. A poster can mislead: that is what keeps a perfect score out of reach. */
const NOISE = {
  /** A palette, backdrop, layout, ... that has nothing to do with the genres. */
  stray: 0.06,
  /** A genre that shows none of its things. */
  silent: 0.03,
  /** A second thing of the same genre. */
  second: 0.55,
  /** A thing of a genre that the poster does not have. */
  distractor: 0.08,
} as const;

/** Light behind each thing: dark silhouettes would drown in a night sky. */
const SPOTLIGHT = '<circle r="68" fill="url(#glow)"/>';

export interface Composition {
  readonly title: string;
  readonly sheet: Sheet;
  readonly svg: string;
}

/** Designs one poster of `genres` as SVG. Every genre gets a say, none the last word. */
export function compose(genres: readonly Genre[], random: Random): Composition {
  const { low, high } = SHEET_HEIGHTS;
  const sheet = { width: SHEET_WIDTH, height: low + 5 * random.integer((high - low) / 5 + 1) };
  const speakers = shareOut(genres, random);
  const choose = <K extends keyof Cues>(slot: K): Cues[K][number] => {
    const genre = random.next() < NOISE.stray ? pick(random, GENRES) : speakers[slot];
    return pick<Cues[K][number]>(random, CUES[genre][slot]);
  };
  const palette = PALETTES[choose('palettes')];
  const style = LETTERINGS[choose('letterings')];
  const layout = drawLayout(choose('layouts'), sheet, random);
  const cast = castMotifs(genres, random);
  const title = drawTitleText(pick(random, genres), cast[0] ?? 'loner', random);

  const backdrop = BACKDROPS[choose('backdrops')](palette, sheet, random);
  // Drawn from the last to the first: the hero stands in front.
  const things = cast
    .map((name, i) => {
      const spot = layout.spots[i];
      return spot ? place(SPOTLIGHT + MOTIFS[name](palette, random), spot.x, spot.y, spot.scale, spot.turn) : '';
    })
    .reverse()
    .join('');
  const y =
    layout.title === 'top' ? sheet.height * between(random, 0.05, 0.08) : sheet.height * between(random, 0.9, 0.92);
  const heading = drawTitle(title, style, palette, sheet, { y, from: layout.title, largest: layout.largest }, random);
  const finish = FINISHES[choose('finishes')](palette, sheet, random);

  const { width, height } = sheet;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<defs>${fade('sky', ...palette.sky)}${glow('glow', palette.pop)}</defs><rect width="${width}" height="${height}" fill="url(#sky)"/>` +
    `${backdrop}${things}${heading}${credits(palette, sheet, random)}${finish}</svg>`;
  return { title, sheet, svg };
}

/** Which genre decides on what: turn by turn, so that each of up to three genres has one of the loudest three. */
function shareOut(genres: readonly Genre[], random: Random): Record<keyof Cues, Genre> {
  const order = random.shuffle(genres);
  const loud = random.shuffle(['palettes', 'backdrops', 'letterings'] as const);
  const turn = (slot: (typeof loud)[number]): Genre => order[loud.indexOf(slot) % order.length] ?? 'Drama';
  return {
    palettes: turn('palettes'),
    backdrops: turn('backdrops'),
    letterings: turn('letterings'),
    motifs: pick(random, genres),
    layouts: pick(random, genres),
    finishes: pick(random, genres),
  };
}

/** The poster's things, the hero first: at most four, without repetition. */
function castMotifs(genres: readonly Genre[], random: Random): MotifName[] {
  const thingOf = (genre: Genre): MotifName => pick(random, CUES[genre].motifs);
  const firsts = random.shuffle(genres).filter(() => random.next() >= NOISE.silent);
  const seconds = random.shuffle(genres).filter(() => random.next() < NOISE.second);
  const strangers = random.next() < NOISE.distractor ? [pick(random, GENRES)] : [];
  return [...new Set([...firsts, ...strangers, ...seconds].map(thingOf))].slice(0, 4);
}

/** The small print along the foot of every poster. */
function credits(palette: (typeof PALETTES)[keyof typeof PALETTES], sheet: Sheet, random: Random): string {
  const names = ['A KINDRED PICTURE', 'DRAWN BY A SEED', 'SOON IN A FOLDER NEAR YOU', 'NO PIXEL WAS HARMED'];
  const where = { x: sheet.width / 2, y: sheet.height * 0.945, size: 7 };
  return drawLine(pick(random, names), LETTERINGS.quiet, palette, where, random);
}
