import { z } from 'zod';

import { defineMetric } from '../plugin/define.js';

import { weighted } from './weighted.js';

/** The share of images for which a right label is among the `k` highest scores. Images without labels do not count. */
export const topKHit = defineMetric({
  name: 'top-k-hit',
  version: 1,
  summary: 'Share of images with at least one right label among the k highest scores.',
  options: z.strictObject({ k: z.int().min(1).default(3).describe('How many labels are looked at.') }),
  tags: { multiLabel: true },
  higherIsBetter: true,
  headline: true,
  ...weighted('top-k-hit', ({ k }: { k: number }, { labels, scores, targets }) => {
    const size = labels.length;
    const sorted = new Float32Array(size);
    const chances = Float64Array.from({ length: scores.shape[0]! }, (_, row) =>
      hitChance(
        scores.data.subarray(row * size, (row + 1) * size),
        targets.data.subarray(row * size, (row + 1) * size),
        Math.min(k, size),
        sorted,
      ),
    );
    return (counts) => {
      let hits = 0;
      let seen = 0;
      for (let row = 0; row < counts.length; row++) {
        const chance = chances[row]!;
        if (Number.isNaN(chance)) continue;
        hits += counts[row]! * chance;
        seen += counts[row]!;
      }
      return { value: hits / seen };
    };
  }),
});

/**
 * 1 or 0, or between them where equal scores leave open which labels are the `k` highest: the share of the ways to choose among
 * them that hold a right one. So neither the order of labels nor a constant score is favoured. NaN without labels.
 */
function hitChance(scores: Float32Array, targets: Uint8Array, k: number, sorted: Float32Array): number {
  if (!targets.includes(1)) return NaN;
  sorted.set(scores);
  sorted.sort();
  const cut = sorted[sorted.length - k]!;

  let above = 0;
  let tied = 0;
  let tiedWrong = 0;
  for (let j = 0; j < scores.length; j++) {
    if (scores[j]! > cut) {
      if (targets[j]) return 1;
      above++;
    } else if (scores[j] === cut) {
      tied++;
      if (!targets[j]) tiedWrong++;
    }
  }
  let miss = 1;
  for (let slot = 0; slot < k - above; slot++) miss *= Math.max(0, tiedWrong - slot) / (tied - slot);
  return 1 - miss;
}
