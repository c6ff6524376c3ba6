import { createRandom } from '../../context/random.js';
import type { Head } from '../../plugin/contract.js';
import { float32, uint8, type NdArray } from '../../tensor/nd-array.js';

export const GROUPS = 6;
export const FEATURES = 6;
/** Of each group. */
const IMAGES = 4;
export const ROWS = GROUPS * IMAGES;
/** Rows of a batch: whole pairs, whole triplets, three labels with four images each. */
export const BATCH = 12;

/** Images of six things, near others of the same. */
export interface EmbeddingData {
  /** `[N, D]`. */
  readonly x: NdArray<'float32'>;
  /** `[N, L]`. */
  readonly y: NdArray<'uint8'>;
  readonly labels: readonly string[];
  /** Whether two rows must come near each other; undefined where a head need not know. */
  alike(a: number, b: number): boolean | undefined;
}

/**
 * Four images of each of six things; a third of their variance is noise. For a head that learns from reference images, the first
 * thing is the wanted one and has no label.
 */
export function embeddingData(head: Head): EmbeddingData {
  const random = createRandom(7);
  const centres = Array.from({ length: GROUPS * FEATURES }, () => random.normal());
  const x = Float32Array.from({ length: ROWS * FEATURES }, (_, i) => {
    const [row, feature] = [Math.floor(i / FEATURES), i % FEATURES];
    return centres[(row % GROUPS) * FEATURES + feature]! + Math.SQRT1_2 * random.normal();
  });
  const unlabelled = head.tags?.needsReference === true ? 1 : 0;
  const labels = Array.from({ length: GROUPS - unlabelled }, (_, j) => `label-${j}`);
  const y = uint8([ROWS, labels.length]);
  for (let row = 0; row < ROWS; row++) {
    const label = (row % GROUPS) - unlabelled;
    if (label >= 0) y.data[row * labels.length + label] = 1;
  }
  return {
    x: float32([ROWS, FEATURES], x),
    y,
    labels,
    alike(a, b) {
      const [one, other] = [a % GROUPS, b % GROUPS];
      // What reference images are to each other is their head's affair.
      if (unlabelled === 1 && one !== 0 && other !== 0) return undefined;
      return one === other;
    },
  };
}
