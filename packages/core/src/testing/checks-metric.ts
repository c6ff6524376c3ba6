import { createRandom } from '../context/random.js';
import type { Metric, MetricInput, MetricValue } from '../plugin/contract.js';
import { float32, uint8 } from '../tensor/nd-array.js';

import { type Check, expectThat } from './check.js';

const LABELS = ['a', 'b', 'c', 'd'];
const ROWS = 30;

/** What every metric must do. */
export const metricChecks: readonly Check<Metric>[] = [
  check('perfect scores reach the best value', (metric, options) => {
    const { targets } = example();
    const perfect = compute(metric, options, scored(targets.data, targets.data)).value;
    const wrong = targets.data.map((target) => 1 - target);
    const others = [scored(wrong, targets.data), example()].map((input) => compute(metric, options, input).value);
    const sign = metric.higherIsBetter ? 1 : -1;
    expectThat(Number.isFinite(perfect) && others.every((other) => !(sign * other > sign * perfect)), {
      expected: 'No scores may reach a better value than scores that equal the targets.',
      seen: `${perfect} for those, ${others.join(' and ')} for others`,
      fix: 'Check higherIsBetter, and which of scores and decisions the metric reads.',
    });
    expectThat(sign * others[0]! < sign * perfect, {
      expected: 'Scores that are all wrong must have a worse value than perfect ones.',
      seen: `${others[0]} for both`,
      fix: 'Compare scores or decisions with targets.',
    });
  }),
  check('the input is left unchanged', (metric, options) => {
    const input = example();
    compute(metric, options, input);
    expectThat(JSON.stringify(input) === JSON.stringify(example()), {
      expected: 'compute must leave its input as it was.',
      seen: 'a changed input',
      fix: 'Copy before you sort: scores.data.slice().',
    });
  }),
  check('there is one value for each label, if there are values by label', (metric, options) => {
    const { perLabel } = compute(metric, options, example());
    expectThat(!perLabel || perLabel.length === LABELS.length, {
      expected: `perLabel must have ${LABELS.length} values for ${LABELS.length} labels, or be left out.`,
      seen: `${perLabel?.length}`,
      fix: 'Give NaN for a label whose value is not defined.',
    });
  }),
  check('the order of images does not matter', (metric, options) => {
    const order = Array.from({ length: ROWS }, (_, row) => ROWS - 1 - row);
    const [one, other] = [example(), rowsOf(example(), order)].map((input) => compute(metric, options, input).value);
    expectThat(close(one!, other!), {
      expected: 'A metric must not depend on the order of images.',
      seen: `${one} and, in reverse, ${other}`,
      fix: 'Treat equal scores as one group.',
    });
  }),
  check('labels that no image or every image carries are no error', (metric, options) => {
    for (const target of [0, 1]) {
      const { value } = compute(metric, options, scored(example().scores.data, uint8([ROWS, 4]).data.fill(target)));
      expectThat(typeof value === 'number', {
        expected: 'A value must be a number, NaN where it is not defined.',
        seen: String(value),
        fix: 'Return { value: NaN } where there is nothing to measure.',
      });
    }
  }),
  check('resample gives for counts what compute gives for copied images', (metric, options) => {
    if (!metric.resample) return;
    const counts = Uint32Array.from({ length: ROWS }, (_, row) => (row * 5) % 4);
    const copied = Array.from(counts, (count, row) => Array<number>(count).fill(row)).flat();
    const value = metric.resample(metric.options.parse(options), example())(counts);
    const expected = compute(metric, options, rowsOf(example(), copied)).value;
    expectThat(close(value, expected), {
      expected: `resample must give ${expected}, the value of the images copied as often as counted.`,
      seen: `${value}`,
      fix: 'Let every image weigh as much as its count, or leave resample out.',
    });
  }),
];

function check(name: string, body: (metric: Metric, options: object) => void): Check<Metric> {
  return { name, run: (metric, options = {}) => Promise.resolve().then(() => body(metric, options)) };
}

function compute(metric: Metric, options: object, input: MetricInput): MetricValue {
  return metric.compute(metric.options.parse(options), input);
}

/** Thirty images with scores of one decimal, so that some are equal; every label is on some images and not on others. */
function example(): MetricInput {
  const random = createRandom(9);
  const targets = Uint8Array.from({ length: ROWS * LABELS.length }, () => Number(random.next() < 0.4));
  const scores = Float32Array.from(targets, (target) => Math.round(7 * random.next() + 3 * target) / 10);
  return scored(scores, targets);
}

function scored(scores: ArrayLike<number>, targets: Uint8Array): MetricInput {
  const shape = [targets.length / LABELS.length, LABELS.length];
  return {
    labels: LABELS,
    scores: float32(shape, Float32Array.from(scores)),
    targets: uint8(shape, targets),
    decisions: uint8(
      shape,
      Uint8Array.from(scores, (score) => Number(score >= 0.5)),
    ),
  };
}

function rowsOf({ scores, targets }: MetricInput, rows: readonly number[]): MetricInput {
  const items = rows.flatMap((row) => LABELS.map((_, j) => row * LABELS.length + j));
  return scored(
    items.map((item) => scores.data[item]!),
    Uint8Array.from(items, (item) => targets.data[item]!),
  );
}

/** Equal up to the order of float64 additions; NaN equals NaN. */
const close = (one: number, other: number): boolean => Object.is(one, other) || Math.abs(one - other) < 1e-9;
