import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { KindredError } from '../errors/kindred-error.js';
import type { Detector, FitData, Fitted } from '../plugin/contract.js';
import { defineDetector } from '../plugin/define.js';
import { float32 } from '../tensor/nd-array.js';

import { runChecks } from './check.js';
import { detectorChecks } from './checks-detector.js';

const invalid = (message: string) => new KindredError('KINDRED_FEATURES_INVALID', { message });

function requireValid({ x }: FitData): void {
  if (!x.shape[0] || !x.data.every(Number.isFinite)) throw invalid('Features must be finite numbers.');
}

/** Mean and standard deviation of each column. */
function momentsOf({ x }: FitData): { mean: Float32Array; scale: Float32Array } {
  const [rows, columns] = x.shape as [number, number];
  const [mean, scale] = [new Float32Array(columns), new Float32Array(columns)];
  for (let j = 0; j < columns; j++) {
    const values = Array.from({ length: rows }, (_, i) => x.data[i * columns + j]!);
    mean[j] = values.reduce((sum, value) => sum + value, 0) / values.length;
    scale[j] = Math.sqrt(values.reduce((sum, value) => sum + (value - mean[j]!) ** 2, 0) / values.length + 1e-6);
  }
  return { mean, scale };
}

type Moments = ReturnType<typeof momentsOf>;

/** The score before its shift, in JavaScript. */
function rawScores({ x }: FitData, { mean, scale }: Moments): number[] {
  const columns = mean.length;
  return Array.from({ length: x.shape[0]! }, (_, i) =>
    mean.reduce((sum, m, j) => sum - ((x.data[i * columns + j]! - m) / scale[j]!) ** 2, 0),
  );
}

function stateOf(moments: Moments, offset: number): Fitted<{ offset: number }> {
  const columns = moments.mean.length;
  return {
    tensors: { mean: float32([columns], moments.mean), scale: float32([columns], moments.scale) },
    json: { offset },
  };
}

/** A normal distribution with independent columns. */
const good = defineDetector({
  name: 'independent-normal',
  version: 1,
  summary: 'Squared distance to the mean in standard deviations.',
  options: z.strictObject({ contamination: z.number().min(0).max(0.5).default(0.1) }),
  boundary: 0,
  fit({ contamination }, data) {
    requireValid(data);
    const moments = momentsOf(data);
    const raw = rawScores(data, moments).sort((a, b) => a - b);
    return Promise.resolve(stateOf(moments, raw[Math.floor(contamination * (raw.length - 1))]!));
  },
  apply({ tensors, json }, x) {
    const { mean, scale } = tensors;
    if (x.shape[1] !== mean!.shape[0]) throw invalid('Features must have the columns of the training set.');
    return tf.sub(tf.neg(tf.sum(tf.square(tf.div(tf.sub(x, mean!), scale!)), 1)), json.offset);
  },
}) as Detector;

const { boundary: _, ...unbounded } = good;
/** Over logits: the highest one. */
const formula: Detector = {
  ...unbounded,
  name: 'highest-logit',
  tags: { needsLogits: true },
  apply: (state, x) => {
    if (x.shape[1] !== state.tensors['mean']!.shape[0])
      throw invalid('Logits must have the columns of the training set.');
    return tf.max(x, 1);
  },
};

const fitWith =
  (change: (fitted: Fitted, data: FitData) => Fitted): Detector['fit'] =>
  async (options, data, ctx) =>
    change(await good.fit(options, data, ctx), data);
const scoresOf =
  (
    change: (scores: tf.Tensor, x: tf.Tensor, state: Parameters<Detector['apply']>[0]) => tf.Tensor,
  ): Detector['apply'] =>
  (state, x) =>
    change(good.apply(state, x), x, state);

/** Counts on from test to test, as broken components do. */
let calls = 0;
const FORM = {
  unchanged: 'fit leaves options and data unchanged',
  twice: 'fit gives the same state for the same data, bit for bit, whatever was fitted in between',
  alone: 'apply treats each image by itself',
  pure: 'apply does not read the values of its tensors, and gives the same each time',
  saved: 'the state survives being saved and loaded, bit for bit',
  finite: 'apply gives one finite score for each image, however odd it is',
  columns: 'apply refuses images of another number of columns',
  refusesNaN: 'fit refuses NaN among the features with a named error',
  refusesInfinity: 'fit refuses an infinite feature with a named error',
  refusesNone: 'fit refuses no images with a named error',
  single: 'a fit on a single image is refused with a named error, or gives finite scores',
  constant: 'a fit on a constant column is refused with a named error, or gives finite scores',
  repeated: 'a fit on one image many times is refused with a named error, or gives finite scores',
};
const STATISTICS = {
  differ: 'scores differ from image to image',
  direction: 'shifted images score below normal ones',
  trained: 'what is normal depends on the training images',
  order: 'the order of the training images does not matter',
  boundary: 'its boundary leaves about the share outside that options ask for, and most images that belong inside',
};

/** What is wrong with a detector, the checks that it must fail, and no others. */
const bad: [hazard: string, failing: string[], change: Partial<Detector>][] = [
  [
    'centres the data in place',
    [FORM.unchanged],
    {
      fit: async (options, data, ctx) => {
        const fitted = await good.fit(options, data, ctx);
        data.x.data[0]! += 1;
        return fitted;
      },
    },
  ],
  [
    'counts its fits in the state',
    [FORM.twice],
    { fit: fitWith(({ tensors, json }) => ({ tensors, json: { ...json, calls: calls++ } })) },
  ],
  [
    'subtracts the mean score of the batch',
    [FORM.alone, STATISTICS.direction, STATISTICS.trained, STATISTICS.boundary],
    { apply: scoresOf((scores) => tf.sub(scores, tf.mean(scores))) },
  ],
  [
    'divides by the largest score of the batch',
    [FORM.alone],
    { apply: scoresOf((scores) => tf.div(scores, tf.add(tf.max(tf.abs(scores)), 1))) },
  ],
  [
    'reads a value to decide',
    [FORM.pure],
    { apply: scoresOf((scores) => ((scores.dataSync()[0] ?? 0) > 1e9 ? tf.neg(scores) : scores)) },
  ],
  [
    'draws noise in apply',
    [FORM.alone, FORM.pure, FORM.saved, STATISTICS.order],
    { apply: scoresOf((scores) => tf.add(scores, tf.randomUniform(scores.shape, 0, 3, 'float32', ++calls))) },
  ],
  [
    'keeps a typed array in json',
    [FORM.saved],
    { fit: fitWith(({ tensors, json }) => ({ tensors, json: { ...json, extra: Float32Array.of(1) } })) },
  ],
  ['gives a column of scores', [FORM.finite], { apply: scoresOf((scores) => tf.reshape(scores, [-1, 1])) }],
  [
    'takes the logarithm of densities that underflow',
    [FORM.finite, FORM.single, FORM.constant, FORM.repeated],
    { apply: scoresOf((scores) => tf.log(tf.exp(scores))) },
  ],
  [
    'stretches one column to all',
    [FORM.columns],
    {
      apply: ({ tensors, json }, x) =>
        tf.sub(
          tf.neg(tf.sum(tf.square(tf.div(tf.sub(x, tensors['mean']!), tensors['scale']!)), 1)),
          (json as { offset: number }).offset,
        ),
    },
  ],
  [
    'takes NaN and infinity for zero',
    [FORM.refusesNaN, FORM.refusesInfinity],
    {
      fit: (options, { x }, ctx) => {
        const data = x.data.map((value) => (Number.isFinite(value) ? value : 0));
        return good.fit(options, { x: float32(x.shape, data) }, ctx);
      },
    },
  ],
  [
    'fails without a name where there are no images',
    [FORM.refusesNone],
    {
      fit: (options, data, ctx) => {
        if (data.x.shape[0] === 0) return Promise.reject(new RangeError('no rows'));
        return good.fit(options, data, ctx);
      },
    },
  ],
  [
    'divides by a spread of zero',
    [FORM.single, FORM.constant, FORM.repeated],
    {
      fit: fitWith(({ tensors, json }) => {
        const scale = tensors['scale']!;
        const zero = Float32Array.from(scale.data, (value) => (value <= 1.1e-3 ? 0 : value));
        return { tensors: { ...tensors, scale: float32(scale.shape, zero) }, json };
      }),
    },
  ],
  [
    'notes what is no sentence',
    [FORM.single],
    {
      fit: fitWith((fitted, { x }) => ({ ...fitted, ...(x.shape[0] === 1 && { notes: ['one image'] }) })),
    },
  ],
  ['saturates', [STATISTICS.differ], { apply: scoresOf((scores) => tf.minimum(scores, 0)) }],
  [
    'hides its scores behind a large constant',
    [STATISTICS.differ, STATISTICS.boundary],
    { apply: scoresOf((scores) => tf.add(scores, 3e6)) },
  ],
  [
    'gives a higher score to what is odd',
    [STATISTICS.direction, STATISTICS.trained, STATISTICS.boundary],
    { apply: scoresOf((scores) => tf.neg(scores)) },
  ],
  [
    'forgets what it was fitted on',
    [STATISTICS.direction, STATISTICS.trained, STATISTICS.boundary],
    { apply: scoresOf((_, x) => tf.neg(tf.sum(tf.square(x), 1))) },
  ],
  [
    'is fitted on the first images alone',
    [STATISTICS.order],
    {
      fit: (options, { x }, ctx) => {
        requireValid({ x });
        const rows = Math.min(x.shape[0]!, 40);
        return good.fit(options, { x: float32([rows, x.shape[1]!], x.data.slice(0, rows * x.shape[1]!)) }, ctx);
      },
    },
  ],
  [
    'has a boundary in the middle of nowhere',
    [STATISTICS.boundary],
    { apply: scoresOf((scores) => tf.sub(scores, 100)) },
  ],
  [
    'ignores the contamination asked for',
    [STATISTICS.boundary],
    { fit: (_, data, ctx) => good.fit({ contamination: 0.1 }, data, ctx) },
  ],
];

const failuresOf = async (detector: Detector) =>
  (await runChecks(detectorChecks, detector)).filter(({ error }) => error !== undefined);

describe('detector checks', () => {
  it.each([good, formula])('pass for the correct detector $name', async (detector) => {
    expect(await failuresOf(detector)).toEqual([]);
  });

  it.each(bad)('fail for one that %s, and say why', async (_, failing, change) => {
    const failed = await failuresOf({ ...good, ...change });
    expect(failed.map(({ name }) => name).sort()).toEqual([...failing].sort());
    for (const { error } of failed) {
      expect(error).toMatchObject({
        code: 'KINDRED_PLUGIN_RESULT',
        message: expect.stringMatching(/must .*Seen: /s) as string,
      });
    }
  });
});
