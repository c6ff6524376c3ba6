import type { Random } from '../../context/random.js';

import type { DistanceBlock } from './distance-block.js';
import { thinned } from './thinned.js';

/** Pairs of images with their distance, and whom each of the two shows. */
export interface Pairs {
  /** `[P]`. */
  readonly distances: Float32Array;
  /** `[P]` each: numbers of what is shown; equal where both show the same. */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** How many there are in all, of which these may be a sample. */
  readonly existing: PairCounts;
}

export interface PairCounts {
  readonly same: number;
  readonly different: number;
}

/** Most pairs of each kind: all those of some 1,400 images, in 24 MB. */
export const PAIR_LIMIT = 1_000_000;

/** Takes the pairs out of blocks of distances, all of them or a sample of each kind. */
export interface PairCollector {
  /** Blocks come in a fixed order; those below the diagonal may be left out. */
  add(block: DistanceBlock): void;
  pairs(): Pairs;
}

/** How many pairs of images with known identities there are. */
export function countPairs(identities: Int32Array): PairCounts {
  const sizes = new Map<number, number>();
  for (const identity of identities) if (identity >= 0) sizes.set(identity, (sizes.get(identity) ?? 0) + 1);
  const choose = (size: number) => (size * Math.max(0, size - 1)) / 2;
  const [known, same] = [...sizes.values()].reduce(([sum, pairs], size) => [sum + size, pairs + choose(size)], [0, 0]);
  return { same, different: choose(known) - same };
}

/**
 * Collects the pairs of images with these identities, `[N]`, -1 for unknown. Above `limit` pairs of a kind (same, different) a sample of
 * about as many is taken: the share of each kind is not kept, and what is measured must not depend on it.
 */
export function collectPairs(identities: Int32Array, random: Random, limit = PAIR_LIMIT): PairCollector {
  const existing = countPairs(identities);
  const streams = {
    same: createStream(existing.same, limit, random.fork('same')),
    different: createStream(existing.different, limit, random.fork('different')),
  };
  const length = streams.same.kept + streams.different.kept;
  const distances = new Float32Array(length);
  const [first, second] = [new Uint32Array(length), new Uint32Array(length)];
  let size = 0;
  return {
    add({ row, column, rows, columns, stride, distances: values }) {
      for (let r = 0; r < rows; r++) {
        const one = identities[row + r]!;
        if (one < 0) continue;
        for (let c = Math.max(0, row + r + 1 - column); c < columns; c++) {
          const other = identities[column + c]!;
          if (other < 0 || !(one === other ? streams.same : streams.different).take()) continue;
          distances[size] = values[r * stride + c]!;
          first[size] = one;
          second[size] = other;
          size++;
        }
      }
    },
    pairs() {
      if (size !== length) throw new RangeError(`distances of ${length} pairs must be given, got ${size}`);
      return { distances, first, second, existing };
    },
  };
}

function createStream(total: number, limit: number, random: Random) {
  const chosen = thinned(total, limit, random);
  let seen = 0;
  let next = 0;
  return {
    kept: chosen?.length ?? total,
    take(): boolean {
      const taken = !chosen || chosen[next] === seen;
      seen++;
      if (taken) next++;
      return taken;
    },
  };
}
