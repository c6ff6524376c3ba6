import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { KindredError } from '../errors/kindred-error.js';
import type { Calibrator, FitData } from '../plugin/contract.js';
import { defineCalibrator } from '../plugin/define.js';
import { float32 } from '../tensor/nd-array.js';

import { runChecks } from './check.js';
import { calibratorChecks } from './checks-calibrator.js';

const invalid = (message: string) => new KindredError('KINDRED_FEATURES_INVALID', { message });
const lacking = (message: string) => new KindredError('KINDRED_CALIBRATION_DATA', { message });

/** Log-loss of label `label` with its logits divided by `temperature`. */
function logLoss({ x, y }: FitData, label: number, temperature: number): number {
  const labels = x.shape[1]!;
  let loss = 0;
  for (let i = label; i < x.data.length; i += labels) {
    const logit = x.data[i]! / temperature;
    loss += Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - logit * y!.data[i]!;
  }
  return loss;
}

const TEMPERATURES = Array.from({ length: 60 }, (_, i) => 0.1 * 1.1 ** i);

/** The best of a few temperatures for each label. */
const good = defineCalibrator({
  name: 'coarse-temperature',
  version: 1,
  summary: 'Divides logits by a temperature.',
  tags: { needsHeldOut: true },
  options: z.strictObject({ least: z.number().default(10) }),
  fit({ least }, { x, y }) {
    const [rows, labels] = x.shape as [number, number];
    if (!x.data.every(Number.isFinite)) throw invalid('Logits must be finite.');
    if (!y || rows < least) throw lacking('Calibration needs ten images and their targets.');
    const temperatures = Array.from({ length: labels }, (_, label) => {
      const targets = new Set(y.data.filter((_, i) => i % labels === label));
      if (targets.size < 2) throw lacking('Calibration needs both classes.');
      const losses = TEMPERATURES.map((temperature) => logLoss({ x, y }, label, temperature));
      return TEMPERATURES[losses.indexOf(Math.min(...losses))]!;
    });
    return Promise.resolve({ tensors: { temperatures: float32([labels], temperatures) }, json: {} });
  },
  apply({ tensors }, x) {
    const { temperatures } = tensors;
    if (x.shape[1] !== temperatures!.shape[0]) throw invalid('Logits must have the labels of the fit.');
    return tf.sigmoid(tf.div(x, temperatures!));
  },
}) as Calibrator;

/** Takes every logit at its word. */
const none: Calibrator = {
  ...good,
  name: 'none',
  tags: {},
  fit: () => Promise.resolve({ tensors: {}, json: {} }),
  apply: (_, x) => tf.sigmoid(x),
};

/** Leaves a label with one class as it is, and says so. */
const lenient: Calibrator = {
  ...good,
  name: 'lenient',
  async fit(options, data, ctx) {
    try {
      return await good.fit(options, data, ctx);
    } catch (error) {
      if (!data.y || !data.x.shape[0] || !data.x.data.every(Number.isFinite)) throw error;
      const labels = data.x.shape[1]!;
      const temperatures = float32([labels], new Float32Array(labels).fill(1));
      return { tensors: { temperatures }, json: {}, notes: ['A label is not calibrated: it has one class.'] };
    }
  },
};

const FORM = {
  unchanged: 'fit leaves options and data unchanged',
  twice: 'fit gives the same state for the same data, bit for bit, whatever was fitted in between',
  alone: 'apply treats each image by itself',
  pure: 'apply does not read the values of its tensors, and gives the same each time',
  saved: 'the state survives being saved and loaded, bit for bit',
};
const NAMES = {
  range: 'apply gives a probability for each image and label, also of logits far from those it was fitted on',
  monotone: 'a higher logit never gets a lower probability',
  truth: 'probabilities are closer to the truth than the logits were',
  tag: 'it is the same whatever it is fitted on, unless it is tagged needsHeldOut',
  zeros: 'labels whose targets are all 0 are refused with a named error, or noted',
  ones: 'labels whose targets are all 1 are refused with a named error, or noted',
  few: 'too few images are refused with a named error, or noted',
  missing: 'no images and no targets are refused with a named error',
  infinite: 'fit refuses NaN and infinity with a named error',
  labels: 'apply refuses another number of labels',
};

let calls = 0;
/** What is wrong with a calibrator, the checks that it must fail, and no others. */
const bad: [hazard: string, failing: string[], change: Partial<Calibrator>][] = [
  [
    'sorts the logits in place',
    [FORM.unchanged],
    {
      fit: async (options, data, ctx) => {
        const fitted = await good.fit(options, data, ctx);
        data.x.data.sort();
        return fitted;
      },
    },
  ],
  [
    'counts its fits in the state',
    [FORM.twice],
    { fit: async (options, data, ctx) => ({ ...(await good.fit(options, data, ctx)), json: { calls: calls++ } }) },
  ],
  [
    'divides by the largest logit of the batch',
    [FORM.alone],
    { apply: (state, x) => good.apply(state, tf.mul(tf.div(x, tf.add(tf.max(tf.abs(x)), 1)), 30)) },
  ],
  [
    'reads a value to decide',
    [FORM.pure],
    { apply: (state, x) => good.apply(state, (x.dataSync()[0] ?? 0) > 1e9 ? tf.neg(x) : x) },
  ],
  [
    'keeps a Set in json',
    [FORM.saved],
    {
      fit: async (options, data, ctx) => ({ ...(await good.fit(options, data, ctx)), json: { seen: new Set([1]) } }),
    },
  ],
  [
    'extrapolates a line beyond 0 and 1',
    [NAMES.range],
    { apply: (state, x) => tf.add(good.apply(state, x), tf.mul(x, 1e-6)) },
  ],
  [
    'overflows',
    [NAMES.range],
    { apply: ({ tensors, ...state }, x) => tf.mul(good.apply({ tensors, ...state }, x), tf.div(tf.exp(x), tf.exp(x))) },
  ],
  [
    'falls at the ends',
    [NAMES.monotone],
    { apply: (state, x) => good.apply(state, tf.mul(20, tf.sin(tf.div(x, 20)))) },
  ],
  [
    'gives the share of positives to all',
    [NAMES.monotone, NAMES.truth],
    { apply: (state, x) => tf.mul(0.5, tf.onesLike(good.apply(state, x))) },
  ],
  ['makes logits surer still', [NAMES.truth], { apply: (state, x) => good.apply(state, tf.mul(x, 10)) }],
  ['hides that it needs images', [NAMES.tag], { tags: {} }],
  [
    'leaves logits as they are in silence where it cannot fit',
    [NAMES.zeros, NAMES.ones, NAMES.few],
    { fit: async (options, data, ctx) => ({ ...(await lenient.fit(options, data, ctx)), notes: [] }) },
  ],
  [
    'notes what is no sentence',
    [NAMES.zeros, NAMES.ones, NAMES.few],
    { fit: async (options, data, ctx) => ({ ...(await lenient.fit(options, data, ctx)), notes: ['one class'] }) },
  ],
  ['fits on two images in silence', [NAMES.few], { fit: (_, data, ctx) => good.fit({ least: 1 }, data, ctx) }],
  [
    'fails without a name where targets are missing',
    [NAMES.missing],
    {
      fit: (options, data, ctx) => {
        if (!data.y) throw new TypeError('y is undefined');
        return good.fit(options, data, ctx);
      },
    },
  ],
  [
    'takes NaN and infinity for zero',
    [NAMES.infinite],
    {
      fit: (options, { x, y }, ctx) => {
        const finite = x.data.map((value) => (Number.isFinite(value) ? value : 0));
        return good.fit(options, { x: float32(x.shape, finite), ...(y && { y }) }, ctx);
      },
    },
  ],
  [
    'stretches one label to all',
    [NAMES.labels],
    { apply: ({ tensors }, x) => tf.sigmoid(tf.div(x, tensors['temperatures']!)) },
  ],
];

const failuresOf = async (calibrator: Calibrator) =>
  (await runChecks(calibratorChecks, calibrator)).filter(({ error }) => error !== undefined);

describe('calibrator checks', () => {
  it.each([good, none, lenient])('pass for the correct calibrator $name', async (calibrator) => {
    expect(await failuresOf(calibrator)).toEqual([]);
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
