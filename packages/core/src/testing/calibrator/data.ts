import { createRandom } from '../../context/random.js';
import type { FitData } from '../../plugin/contract.js';
import { float32, type NdArray, uint8 } from '../../tensor/nd-array.js';

/** Held-out images: as few as a small validation set has. */
export const HELD_OUT = 300;

/** How much surer than right the logits are. */
const OVERCONFIDENCE = 4;

/** Logits or scores beside the truth that they were made from. */
export interface HeldOut extends Required<Pick<FitData, 'x' | 'y' | 'labels'>> {
  /** The chance `[N, L]` that each target was drawn with. */
  readonly chances: Float64Array;
}

/** Images with `labels` logits each, four times what the logistic truth says. */
export function heldOut(labels: number, seed = 5, rows = HELD_OUT): HeldOut {
  const random = createRandom(seed);
  const [x, y] = [float32([rows, labels]), uint8([rows, labels])];
  const chances = new Float64Array(rows * labels);
  for (let i = 0; i < chances.length; i++) {
    const truth = 1.5 * random.normal();
    x.data[i] = OVERCONFIDENCE * truth;
    chances[i] = sigmoid(truth);
    y.data[i] = Number(random.next() < chances[i]!);
  }
  return { x, y, labels: namesOf(labels), chances };
}

const namesOf = (labels: number): string[] => Array.from({ length: labels }, (_, j) => `label-${j}`);

/** The same, with all targets of one label equal. */
export function withOneClass({ x, y, labels: names, chances }: HeldOut, label: number, target: 0 | 1): HeldOut {
  const data = y.data.map((value, i) => (i % names.length === label ? target : value));
  return { x, y: uint8(y.shape, data), labels: names, chances };
}

/** Rising values of one label's logit, far beyond those of `heldOut` too, the other labels' being 0. */
export function ramp(labels: number, label: number): NdArray<'float32'> {
  const values = Array.from({ length: 81 }, (_, i) => (i - 40) * (i % 10 === 0 ? 2 : 1)).sort((a, b) => a - b);
  return float32(
    [values.length, labels],
    values.flatMap((value) => Array.from({ length: labels }, (_, j) => (j === label ? value : 0))),
  );
}

/** The chance that a logit claims. */
export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
