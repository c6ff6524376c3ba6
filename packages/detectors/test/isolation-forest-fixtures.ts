import { readFileSync } from 'node:fs';

const FOLDER = '../src/detectors/isolation-forest/fixtures/';

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${FOLDER}${name}`, import.meta.url), 'utf8'));

/** A forest of scikit-learn's with its trees, whose leaves have no children (-1). */
export const smallForest = read('small-forest.json') as {
  fit: number[][];
  other: number[][];
  maxSamples: number;
  trees: { feature: number[]; threshold: number[]; left: number[]; right: number[]; samples: number[] }[];
  /** Decision functions, with contamination `auto` and 0.1. */
  cases: { offset: number; fitted: number[]; other: number[] }[];
  averagePathLengths: [n: number, length: number][];
};

/** What scikit-learn's forests of 200 trees give on other data than they were fitted on. */
export const { forests } = read('forests.json') as {
  forests: {
    fit: number[][];
    other: number[][];
    /** 1 for rows of `other` that are drawn as those of `fit`. */
    normal: number[];
    scores: number[];
    /** Of two forests that differ in their seed. */
    auroc: [number, number];
    correlationOfSeeds: number;
    /** Leaves of a tree at each depth: mean over 2000 trees, standard deviation from tree to tree. */
    leafDepths: { mean: number[]; deviation: number[] };
  }[];
};
