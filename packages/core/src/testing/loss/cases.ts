import type { Random } from '../../context/random.js';
import type { LossInput } from '../../plugin/contract.js';

/** One element of a loss: what it is of, and its targets. Both have one number, or two of a triplet. */
export interface LossCase {
  readonly output: readonly number[];
  readonly target: readonly number[];
}

/** What a loss of one kind is tried with. */
export interface LossCases {
  /** For messages. */
  readonly what: string;
  /** Shapes of what it is given, with the shape of what it must give. */
  readonly shapes: readonly { readonly input: readonly number[]; readonly output: readonly number[] }[];
  /** The shape of so many cases. */
  readonly shape: (count: number) => number[];
  readonly extremes: readonly LossCase[];
  /** How to be finite on extremes. */
  readonly advice: string;
  readonly judgements: readonly { readonly right: LossCase; readonly wrong: LossCase }[];
  draw(random: Random, i: number): LossCase;
}

const same = (shape: readonly number[]) => ({ input: shape, output: shape });
const single = (output: number, target: number): LossCase => ({ output: [output], target: [target] });
const triplet = (positive: number, negative: number): LossCase => ({ output: [positive, negative], target: [1, 0] });
const LOGITS = [-50, -20, -5, -1, 0, 1, 5, 20, 50];
const DISTANCES = [0, 1e-6, 0.1, 1, 2, 50, 1000];

export const LOSS_CASES: Readonly<Record<LossInput, LossCases>> = {
  logits: {
    what: 'logits',
    shapes: [
      [4, 3],
      [1, 3],
      [4, 1],
    ].map(same),
    shape: (count) => [count, 1],
    extremes: [0, 1].flatMap((target) => LOGITS.map((logit) => single(logit, target))),
    advice: 'Compute from logits with tf.softplus instead of taking the logarithm of a probability.',
    judgements: [
      { right: single(-3, 0), wrong: single(3, 0) },
      { right: single(3, 1), wrong: single(-3, 1) },
    ],
    draw: (random, i) => single(2 * random.normal(), i % 2),
  },
  distances: {
    what: 'distances',
    shapes: [[4], [1]].map(same),
    shape: (count) => [count],
    extremes: [0, 1].flatMap((target) => DISTANCES.map((distance) => single(distance, target))),
    advice: 'Take no root and no logarithm of a distance, which may be 0.',
    judgements: [
      { right: single(3, 0), wrong: single(0.1, 0) },
      { right: single(0.1, 1), wrong: single(3, 1) },
    ],
    draw: (random, i) => single(0.1 + Math.abs(random.normal()), i % 2),
  },
  triplets: {
    what: 'triplets',
    shapes: [
      { input: [4, 2], output: [4] },
      { input: [1, 2], output: [1] },
    ],
    shape: (count) => [count, 2],
    extremes: DISTANCES.flatMap((positive) => DISTANCES.map((negative) => triplet(positive, negative))),
    advice: 'Take no root and no logarithm of a distance, which may be 0.',
    judgements: [{ right: triplet(0.1, 3), wrong: triplet(3, 0.1) }],
    draw: (random) => triplet(0.1 + Math.abs(random.normal()), 0.1 + Math.abs(random.normal())),
  },
};
