import type { MetricInput } from '../plugin/contract.js';
import { float32, uint8 } from '../tensor/nd-array.js';

import { TRIVIAL_PREDICTORS, type TrivialPredictor } from './evaluation.js';

/** What is known of the training set without looking at an image. */
export interface TrainingCounts {
  /** Training images that carry each label. */
  readonly positives: readonly number[];
  /** Training images in all. */
  readonly samples: number;
}

/** One answer for every image: a score and a decision for each label. */
interface Answer {
  readonly scores: readonly number[];
  readonly decisions: readonly boolean[];
}

/** `input` with its scores and decisions replaced by what each trivial predictor says. */
export function trivialInputs(input: MetricInput, training: TrainingCounts): Record<TrivialPredictor, MetricInput> {
  const frequencies = training.positives.map((count) => count / training.samples);
  const top = mostFrequent(training);
  const answers: Record<TrivialPredictor, Answer> = {
    frequency: { scores: frequencies, decisions: frequencies.map((frequency) => frequency >= 0.5) },
    nothing: { scores: frequencies.map(() => 0), decisions: frequencies.map(() => false) },
    'most-frequent': { scores: top.map(Number), decisions: top },
    everything: { scores: frequencies.map(() => 1), decisions: frequencies.map(() => true) },
  };
  const inputs = TRIVIAL_PREDICTORS.map((name) => [name, answered(input, answers[name])]);
  return Object.fromEntries(inputs) as Record<TrivialPredictor, MetricInput>;
}

/** Whether each label is among the most frequent ones: as many as make the training set's micro-F1 highest. */
function mostFrequent({ positives, samples }: TrainingCounts): boolean[] {
  const order = [...positives.keys()].sort((a, b) => positives[b]! - positives[a]!);
  const all = positives.reduce((sum, count) => sum + count, 0);
  let hits = 0;
  let best = { f1: -1, size: 0 };
  order.forEach((label, i) => {
    hits += positives[label]!;
    const f1 = (2 * hits) / ((i + 1) * samples + all);
    if (f1 > best.f1) best = { f1, size: i + 1 };
  });
  const chosen = new Set(order.slice(0, best.size));
  return positives.map((_, label) => chosen.has(label));
}

function answered(input: MetricInput, { scores, decisions }: Answer): MetricInput {
  const { shape } = input.scores;
  const repeated = float32(shape);
  const decided = uint8(shape);
  for (let i = 0; i < repeated.data.length; i++) {
    repeated.data[i] = scores[i % scores.length]!;
    decided.data[i] = Number(decisions[i % scores.length]);
  }
  return { labels: input.labels, targets: input.targets, scores: repeated, decisions: decided };
}
