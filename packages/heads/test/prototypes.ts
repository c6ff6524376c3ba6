import { createRandom, float32, type HeadSpec, type NdArray } from '@kindred/core';

const LABELS = ['red', 'green', 'blue', 'grey'];
const FEATURES = 16;
const NOISE = 0.4;

export interface Drawn {
  readonly spec: HeadSpec;
  /** `[N, D]` */
  readonly x: NdArray<'float32'>;
  /** `[N, L]`; rows without any label are among them. */
  readonly y: NdArray<'uint8'>;
}

/** A multi-label problem: a feature is the sum of its labels' prototypes and noise. Every seed has the same prototypes. */
export function drawPrototypes(samples: number, seed: number): Drawn {
  const fixed = createRandom(99);
  const prototypes = LABELS.map(() => Array.from({ length: FEATURES }, () => fixed.normal()));
  const random = createRandom(seed);
  const x = float32([samples, FEATURES]);
  const y = new Uint8Array(samples * LABELS.length);
  for (let row = 0; row < samples; row++) {
    const carried = LABELS.map((_, label) => random.next() < 0.15 + 0.1 * label);
    y.set(carried.map(Number), row * LABELS.length);
    for (let j = 0; j < FEATURES; j++) {
      const signal = prototypes.reduce((sum, prototype, label) => sum + (carried[label] ? (prototype[j] ?? 0) : 0), 0);
      x.data[row * FEATURES + j] = signal + NOISE * random.normal();
    }
  }
  const positives = LABELS.map((_, label) =>
    y.reduce((sum, value, i) => sum + (i % LABELS.length === label ? value : 0), 0),
  );
  const spec = { features: FEATURES, labels: LABELS, samples, positives };
  return { spec, x, y: { dtype: 'uint8', shape: [samples, LABELS.length], data: y } };
}

/** Mean over labels of the precision at each positive, by falling score. Without ties. */
export function averagePrecision(scores: Float32Array, { shape: [, labels = 0], data }: NdArray<'uint8'>): number {
  let total = 0;
  for (let label = 0; label < labels; label++) {
    const column = Array.from(data)
      .map((target, i) => ({ target, score: scores[i] ?? NaN, label: i % labels }))
      .filter((entry) => entry.label === label)
      .sort((a, b) => b.score - a.score);
    let [hits, sum] = [0, 0];
    column.forEach(({ target }, rank) => {
      if (target === 1) sum += ++hits / (rank + 1);
    });
    total += sum / hits / labels;
  }
  return total;
}
