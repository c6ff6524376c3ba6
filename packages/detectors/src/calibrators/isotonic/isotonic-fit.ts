import type { Column } from '../data/calibration-data.js';

/** A rising broken line: through `(knots[i], values[i])`, constant outside of the knots. */
export interface BrokenLine {
  /** Rising strictly. */
  readonly knots: readonly number[];
  /** Rising, between 0 and 1. */
  readonly values: readonly number[];
}

/** A run of scores that shares one value. */
interface Block {
  readonly first: number;
  last: number;
  sum: number;
  weight: number;
}

/**
 * The rising function of scores with the least squared distance to the truth, by pooling adjacent violators (Ayer et al. 1955):
 * equal scores are averaged first, and values between two blocks lie on the line that joins their ends.
 */
export function isotonicFit({ scores, targets }: Column): BrokenLine {
  const blocks: Block[] = [];
  for (const block of distinct(scores, targets)) {
    blocks.push(block);
    while (blocks.length > 1 && mean(blocks.at(-2)!) >= mean(blocks.at(-1)!)) {
      const { last, sum, weight } = blocks.pop()!;
      const merged = blocks.at(-1)!;
      merged.last = last;
      merged.sum += sum;
      merged.weight += weight;
    }
  }
  const ends = (block: Block): number[] => (block.first === block.last ? [block.first] : [block.first, block.last]);
  return {
    knots: blocks.flatMap(ends),
    values: blocks.flatMap((block) => ends(block).map(() => mean(block))),
  };
}

const mean = ({ sum, weight }: Block): number => sum / weight;

/** One block for each distinct score, rising. */
function distinct(scores: Float32Array, targets: Uint8Array): Block[] {
  const blocks: Block[] = [];
  for (const i of Uint32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!)) {
    const score = scores[i]!;
    const block = blocks.at(-1);
    if (block?.last === score) {
      block.sum += targets[i]!;
      block.weight++;
    } else {
      blocks.push({ first: score, last: score, sum: targets[i]!, weight: 1 });
    }
  }
  return blocks;
}
