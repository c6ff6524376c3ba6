import { createRandom, type Random } from '../../context/random.js';
import type { Detector } from '../../plugin/contract.js';
import { float32, type NdArray } from '../../tensor/nd-array.js';

export const COLUMNS = 8;
/** Training images: few enough for plain JavaScript. */
export const TRAINING = 120;
/** Images to score. */
export const FRESH = 120;

/** What images of one class look like in feature space, and how images that do not belong differ from them. */
export interface Population {
  /** Draws rows `[rows, 8]` of normal images. Row `i` is of the `i % 3`-th of its clusters. */
  normal(rows: number, random: Random): NdArray<'float32'>;
  /** Draws rows of images that do not belong, by what is odd about them. */
  readonly shifts: Readonly<Record<string, (rows: number, random: Random) => NdArray<'float32'>>>;
}

/** What `detector` is for: clusters of features, or logits. `a` and `b` are two classes of images. */
export function populations({ tags }: Detector): { a: Population; b: Population } {
  const make = tags?.needsLogits ? logits : features;
  return { a: make(1, 2), b: make(2, 1) };
}

/** Three clusters in a plane of the feature space, as of one class of images, and noise in all directions. */
function features(seed: number, otherSeed: number): Population {
  const [own, other] = [structure(seed), structure(otherSeed)];
  const normal = (rows: number, random: Random) => matrix(rows, (row) => clusterRow(own, row, random));
  const push = own.signs.map((sign) => 1.5 * sign);
  return {
    normal,
    shifts: {
      'moved away': (rows, random) => changed(normal(rows, random), (value, j) => value + push[j]!),
      'spread three times as wide': (rows, random) =>
        changed(normal(rows, random), (value, j) => own.centre[j]! + 3 * (value - own.centre[j]!)),
      'drawn from another class': (rows, random) => matrix(rows, (row) => clusterRow(other, row, random)),
    },
  };
}

/** Logits of a head that is sure of one class for normal images, and of none for others. */
function logits(): Population {
  const sure = (height: number, scale: number) => (rows: number, random: Random) =>
    matrix(rows, (row) =>
      Array.from({ length: COLUMNS }, (_, j) => scale * (random.normal() + (j === row % 3 ? height : 0))),
    );
  return {
    normal: sure(5, 1),
    shifts: {
      'of no class': sure(0, 1),
      'of a weak class': sure(1.5, 1),
      'damped to a third': sure(5, 1 / 3),
    },
  };
}

interface Structure {
  readonly centre: readonly number[];
  readonly plane: readonly (readonly [number, number])[];
  readonly clusters: readonly (readonly [number, number])[];
  readonly signs: readonly number[];
}

function structure(seed: number): Structure {
  const random = createRandom(seed).fork('structure');
  const pair = (scale: number): [number, number] => [scale * random.normal(), scale * random.normal()];
  return {
    centre: Array.from({ length: COLUMNS }, () => random.normal()),
    plane: Array.from({ length: COLUMNS }, () => pair(Math.SQRT1_2)),
    clusters: [pair(1.5), pair(1.5), pair(1.5)],
    signs: Array.from({ length: COLUMNS }, () => (random.next() < 0.5 ? -1 : 1)),
  };
}

function clusterRow({ centre, plane, clusters }: Structure, row: number, random: Random): number[] {
  const [u, v] = clusters[row % clusters.length]!.map((value) => value + 0.6 * random.normal()) as [number, number];
  return plane.map(([a, b], j) => centre[j]! + a * u + b * v + 0.3 * random.normal());
}

function matrix(rows: number, rowOf: (row: number) => readonly number[]): NdArray<'float32'> {
  return float32([rows, COLUMNS], Array.from({ length: rows }, (_, row) => rowOf(row)).flat());
}

function changed(
  { shape, data }: NdArray<'float32'>,
  change: (value: number, column: number) => number,
): NdArray<'float32'> {
  return float32(
    shape,
    data.map((value, i) => change(value, i % COLUMNS)),
  );
}

/** The stream that training images are drawn from. */
export const training = (): Random => createRandom(11);
/** The stream that images to score are drawn from. */
export const fresh = (): Random => createRandom(12);
