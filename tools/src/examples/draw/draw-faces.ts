import path from 'node:path';

import { createRandom, type Random } from '@kindred/core';

import { at, between, pick, place, points } from '../../quickstart/draw/svg.js';

import { sheet, writeSvg } from './write-svg.js';

const SKINS = ['#f3d3b5', '#d9a577', '#a56b43', '#6e4429'] as const;
const HAIRS = ['#1f1a17', '#5a3a22', '#b5833f', '#8c8c8c', '#a8402a'] as const;

/** What stays the same of a person, whatever the pose. */
interface Person {
  readonly skin: string;
  readonly hair: string;
  readonly width: number;
  readonly length: number;
  readonly eyes: { readonly apart: number; readonly size: number };
  readonly nose: number;
  readonly mouth: number;
  readonly fringe: number;
  readonly glasses: boolean;
}

/** Draws `each` grey portraits of 92 by 112 pixels of every one of `persons`, a folder for each. The same seed gives the same bytes. */
export async function drawFaces(
  folder: string,
  { persons, each, seed }: { persons: number; each: number; seed: number },
): Promise<void> {
  const root = createRandom(seed).fork('faces');
  for (let i = 0; i < persons; i++) {
    const random = root.fork(String(i));
    const person = drawPerson(random);
    for (let j = 0; j < each; j++) {
      const file = path.join(folder, `s${i + 1}`, `${j + 1}.jpg`);
      await writeSvg(file, portrait(person, random.fork(String(j))), { grey: true });
    }
  }
}

/** Draws `count` portraits in colour of one person, or of a new one each time, 200 by 200 pixels. */
export async function drawPortraits(
  folder: string,
  { count, seed, same }: { count: number; seed: number; same: boolean },
): Promise<void> {
  const root = createRandom(seed).fork(same ? 'one person' : 'others');
  const one = drawPerson(root);
  for (let i = 0; i < count; i++) {
    const random = root.fork(String(i));
    const person = same ? one : drawPerson(random.fork('person'));
    const svg = portrait(person, random).replace('<svg ', '<svg viewBox="0 0 92 112" ');
    const sized = svg.replace('width="92" height="112"', 'width="200" height="200"');
    await writeSvg(path.join(folder, `${String(i + 1).padStart(4, '0')}.jpg`), sized);
  }
}

const drawPerson = (random: Random): Person => ({
  skin: pick(random, SKINS),
  hair: pick(random, HAIRS),
  width: between(random, 22, 34),
  length: between(random, 30, 42),
  eyes: { apart: between(random, 8, 16), size: between(random, 2, 4.5) },
  nose: between(random, 6, 16),
  mouth: between(random, 6, 16),
  fringe: between(random, 6, 22),
  glasses: random.next() < 0.4,
});

/** The person in a pose of its own: moved, turned, in another light, with another expression. */
function portrait(person: Person, random: Random): string {
  const { skin, hair, width, length, eyes, nose, mouth, fringe, glasses } = person;
  const gaze = between(random, -2, 2);
  const head = `<ellipse rx="${at(width)}" ry="${at(length)}" fill="${skin}"/>`;
  const top = `<path d="M ${at(-width)} 0 A ${at(width)} ${at(length)} 0 0 1 ${at(width)} 0 L ${at(width * 0.8)} ${at(fringe - length)} L ${at(-width * 0.8)} ${at(fringe - length)} Z" fill="${hair}"/>`;
  const eye = (side: number) =>
    place(
      `<ellipse rx="${at(eyes.size * 1.5)}" ry="${at(eyes.size)}" fill="#fff"/><circle cx="${at(gaze)}" r="${at(eyes.size * 0.7)}" fill="#222"/>${glasses ? '<circle r="8" fill="none" stroke="#111" stroke-width="1.5"/>' : ''}`,
      side * eyes.apart,
      -4,
    );
  const noseLine = `<polyline points="${points([
    [0, -2],
    [nose / 4, nose],
    [0, nose],
  ])}" fill="none" stroke="#0006" stroke-width="1.5"/>`;
  const smile = between(random, -3, 6);
  const lips = `<path d="M ${at(-mouth)} 20 Q 0 ${at(20 + smile)} ${at(mouth)} 20" fill="none" stroke="#7a2f2f" stroke-width="2.5"/>`;
  const face = head + top + eye(-1) + eye(1) + noseLine + lips;
  const [x, y] = [46 + between(random, -4, 4), 60 + between(random, -4, 4)];
  const grey = Math.round(between(random, 90, 200));
  const light = `<rect width="92" height="112" fill="${random.next() < 0.5 ? '#000' : '#fff'}" opacity="${(0.2 * random.next()).toFixed(3)}"/>`;
  const posed = place(face, x, y, between(random, 0.92, 1.08), between(random, -8, 8));
  return sheet(92, 112, `rgb(${grey},${grey},${grey})`, posed + light);
}
