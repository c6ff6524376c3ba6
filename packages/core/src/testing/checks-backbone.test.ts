import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { Backbone, BackboneModel, BackboneStem, Network, Weights } from '../plugin/contract.js';
import { defineBackbone } from '../plugin/define.js';
import { float32 } from '../tensor/nd-array.js';

import { runChecks } from './check.js';
import { backboneChecks } from './checks-backbone.js';

const pixelsOf = (x: tf.Tensor): tf.Tensor => tf.reshape(tf.div(tf.cast(x, 'float32'), 255), [x.shape[0], 48]);

/** One dense layer on 4x4 pixels. */
const good: Backbone = defineBackbone({
  name: 'dense',
  version: 1,
  summary: 'One dense layer.',
  options: z.strictObject({ resize: z.enum(['stretch', 'cover']).default('stretch') }),
  create: ({ resize }) =>
    Promise.resolve({
      input: { width: 4, height: 4, channels: 3 as const, resize },
      features: 5,
      trainable: true,
      fingerprint: `dense ${resize}`,
      network: {
        init: (random) => ({
          kernel: {
            value: float32(
              [48, 5],
              Float32Array.from({ length: 240 }, () => random.normal()),
            ),
          },
        }),
        forward: ({ kernel }, x) => tf.matMul(pixelsOf(x), kernel!),
      },
    }),
});

/** `good`, with some of its models' parts replaced. */
function changed(parts: Partial<BackboneModel> | ((model: BackboneModel) => Partial<BackboneModel>)): Backbone {
  return {
    ...good,
    async create(options, ctx) {
      const model = await good.create(options, ctx);
      return { ...model, ...(typeof parts === 'function' ? parts(model) : parts) };
    },
  };
}
const network = (parts: Partial<Network>): Backbone =>
  changed((model) => ({ network: { ...model.network, ...parts } }));

/** `good` with its pixels made ready by a stem. */
const stemmed = (parts: Partial<BackboneStem> = {}, init: Network['init'] = () => ({})): Backbone =>
  changed((model) => ({
    stem: { network: { init, forward: (_, x) => pixelsOf(x) }, shape: [48], fingerprint: 'pixels', ...parts },
    network: { ...model.network, forward: ({ kernel }, x) => tf.matMul(x, kernel!) },
  }));

let calls = 0;
const spare = (weights: Weights): Weights => ({ ...weights, spare: { value: float32([1]) } });
const bad: [hazard: string, failing: string, backbone: Backbone][] = [
  [
    'hashes the time',
    'create leaves its options unchanged and gives the same fingerprint for the same options',
    changed(() => ({ fingerprint: `${calls++}` })),
  ],
  ['forgets an option', 'options that give other features give another fingerprint', changed({ fingerprint: 'dense' })],
  [
    'draws from outside of its random stream',
    'init gives the same weights for the same seed, bit for bit, each as large as its shape',
    network({ init: () => ({ kernel: { value: float32([48, 5], new Float32Array(240).fill(calls++)) } }) }),
  ],
  [
    'has a shape that is larger than its values',
    'init gives the same weights for the same seed, bit for bit, each as large as its shape',
    network({ init: () => ({ kernel: { value: { ...float32([4]), shape: [48, 5] } } }) }),
  ],
  [
    'calls itself frozen and trains',
    'init gives the same weights for the same seed, bit for bit, each as large as its shape',
    changed({ trainable: false }),
  ],
  ['counts its features wrong', 'forward gives one row of D finite numbers for each image', changed({ features: 4 })],
  [
    'takes the logarithm of zero',
    'forward gives one row of D finite numbers for each image',
    network({ forward: ({ kernel }, x) => tf.log(tf.matMul(tf.mul(pixelsOf(x), 0), kernel!)) }),
  ],
  [
    'normalizes by the batch',
    "forward gives features that differ between images and do not depend on an image's neighbours",
    network({ forward: ({ kernel }, x) => tf.matMul(tf.sub(pixelsOf(x), tf.mean(pixelsOf(x), 0)), kernel!) }),
  ],
  [
    'has died',
    "forward gives features that differ between images and do not depend on an image's neighbours",
    network({ forward: ({ kernel }, x) => tf.relu(tf.sub(tf.matMul(pixelsOf(x), kernel!), 1e6)) }),
  ],
  [
    'chooses by a value',
    'forward does not read the values of its tensors',
    network({
      forward: ({ kernel }, x) => tf.matMul(pixelsOf(x), kernel!.dataSync()[0]! > 0 ? kernel! : tf.neg(kernel!)),
    }),
  ],
  [
    'has a weight that it never uses',
    'every trainable weight gets a finite gradient',
    changed((model) => ({ network: { ...model.network, init: (random) => spare(model.network.init(random)) } })),
  ],
  [
    'would train its stem',
    'a stem has no weights to train, gives what it states, and has a fingerprint of its own',
    stemmed({}, () => ({ scale: { value: float32([1]) } })),
  ],
  [
    'states another shape of what its stem gives',
    'a stem has no weights to train, gives what it states, and has a fingerprint of its own',
    stemmed({ shape: [4, 12] }),
  ],
  [
    'has one fingerprint for its stem and the whole',
    'a stem has no weights to train, gives what it states, and has a fingerprint of its own',
    stemmed({ fingerprint: 'dense stretch' }),
  ],
];

describe('backbone checks', () => {
  it('pass for a sound backbone', async () => {
    for (const sound of [good, stemmed()])
      expect((await runChecks(backboneChecks, sound)).filter(({ error }) => error)).toEqual([]);
  });

  it.each(bad)('fail for one that %s', async (_, failing, backbone) => {
    const failed = (await runChecks(backboneChecks, backbone)).filter(({ error }) => error);
    expect(failed.map(({ name }) => name)).toContain(failing);
  });

  it('leave tensors readable afterwards', async () => {
    await runChecks(backboneChecks, good);
    expect(tf.scalar(3).dataSync()[0]).toBe(3);
  });
});
