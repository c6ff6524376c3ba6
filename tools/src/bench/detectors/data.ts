import { createRandom, float32, type NdArray, type Random } from '@kindred/core';

/** Directions in which images of a class really differ: far fewer than columns, as in features of a network. */
const LATENT = 40;
const CLUSTERS = 5;
const NOISE = 0.5;

/** Every third image to score does not belong. */
export const ODD_EVERY = 3;

export interface BenchData {
  /** `[rows, columns]`, to fit on. */
  readonly train: NdArray<'float32'>;
  /** `[rows, columns]`, to score: rows 2, 5, 8, ... are of other clusters. */
  readonly test: NdArray<'float32'>;
}

/**
 * Features that look like a network's: clusters in a subspace, noise around it, rectified, scaled to mean 0 and deviation 1 by the
 * training rows.
 */
export function featureLike(rows: number, columns: number, seed = 1): BenchData {
  const random = createRandom(seed);
  const mixing = mixingMatrix(columns, random);
  const own = clusters(random);
  const others = clusters(random);
  const train = draw(rows, columns, mixing, () => own, random);
  const test = draw(rows, columns, mixing, (row) => (isOdd(row) ? others : own), random);
  standardize(train, test);
  return { train, test };
}

export const isOdd = (row: number): boolean => row % ODD_EVERY === ODD_EVERY - 1;

/** `[LATENT, columns]`; each direction weighs less than the one before. */
function mixingMatrix(columns: number, random: Random): Float64Array {
  return Float64Array.from(
    { length: LATENT * columns },
    (_, i) => random.normal() / Math.sqrt(1 + (i / columns) * 0.5),
  );
}

function clusters(random: Random): readonly Float64Array[] {
  return Array.from({ length: CLUSTERS }, () => Float64Array.from({ length: LATENT }, () => random.normal()));
}

function draw(
  rows: number,
  columns: number,
  mixing: Float64Array,
  clustersOf: (row: number) => readonly Float64Array[],
  random: Random,
): NdArray<'float32'> {
  const x = float32([rows, columns]);
  const values = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const centre = clustersOf(row)[random.integer(CLUSTERS)]!;
    for (let j = 0; j < columns; j++) values[j] = NOISE * random.normal();
    for (let k = 0; k < LATENT; k++) {
      const latent = centre[k]! + 0.7 * random.normal();
      for (let j = 0; j < columns; j++) values[j]! += latent * mixing[k * columns + j]!;
    }
    for (let j = 0; j < columns; j++) x.data[row * columns + j] = Math.max(0, values[j]!);
  }
  return x;
}

/** Scales both in place by the first one's moments. */
function standardize(train: NdArray<'float32'>, test: NdArray<'float32'>): void {
  const [rows = 0, columns = 0] = train.shape;
  for (let j = 0; j < columns; j++) {
    let [sum, squares] = [0, 0];
    for (let i = j; i < train.data.length; i += columns) sum += train.data[i]!;
    const mean = sum / rows;
    for (let i = j; i < train.data.length; i += columns) squares += (train.data[i]! - mean) ** 2;
    const scale = Math.sqrt(squares / rows) || 1;
    for (const { data } of [train, test]) {
      for (let i = j; i < data.length; i += columns) data[i] = (data[i]! - mean) / scale;
    }
  }
}
