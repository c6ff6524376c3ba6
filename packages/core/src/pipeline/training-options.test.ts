import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { fillValue } from '../manifest/fill.js';
import { corePlugin } from '../plugin/core-plugin.js';
import type { BackboneModel, Schedule } from '../plugin/contract.js';
import { defineOptimizer, definePlugin, defineSchedule } from '../plugin/define.js';
import { createRegistry } from '../plugin/registry.js';
import { float32 } from '../tensor/nd-array.js';
import { testPlugin } from '../../test/support/components.js';
import { descent } from '../../test/support/training.js';

import { planPipeline } from './plan.js';
import { refuseFactors, requireHeldOut, trainingOptions, type PipelineTask } from './training-options.js';

const none = z.strictObject({});
const schedule = (name: string, more: Partial<Schedule> = {}): Schedule =>
  defineSchedule({
    name,
    version: 1,
    summary: '',
    options: none,
    create:
      () =>
      ({ position }) =>
        1 / (1 + position),
    ...more,
  });

const plugin = definePlugin({
  name: 'more',
  apiVersion: 1,
  components: [
    defineOptimizer({ name: 'descent', version: 1, summary: '', options: none, create: () => descent(0.3) }),
    schedule('slower'),
    schedule('watching', { tags: { needsHeldOut: true } }),
    schedule('broken', {
      create: () => () => {
        throw new TypeError('no such thing');
      },
    }),
  ],
});
const registry = createRegistry([corePlugin, testPlugin, plugin]);

const planOf = (training: object) =>
  planPipeline(
    fillValue(
      {
        kindred: 1,
        name: 'shapes',
        data: { use: 'folder', path: 'images' },
        backbone: 'learner',
        branches: { genres: { head: 'linear' }, tags: { head: 'linear' } },
        training: { optimizer: 'descent', ...training },
      },
      registry,
    ),
    registry,
    '.',
  );

const task = (weights: readonly string[], partOf?: PipelineTask['partOf']): PipelineTask => ({
  name: 'genres',
  initial: Object.fromEntries(weights.map((name) => [name, { value: float32([1]) }])),
  objective: () => tf.scalar(0),
  ...(partOf && { partOf }),
});
const moment = { position: 3, epochs: 9, validationLosses: [] };

describe('trainingOptions', () => {
  it('are what the manifest says', async () => {
    const options = await trainingOptions(
      planOf({ epochs: 9, warmup: 2, clipNorm: 0.5, patience: 3, restoreBest: true, schedule: 'slower' }),
      task(['w']),
    );
    expect(options).toMatchObject({ epochs: 9, warmup: 2, clipNorm: 0.5, patience: 3, restoreBest: true });
    expect(options.optimizer.learningRate).toBe(0.3);
    expect(options.schedule?.(moment)).toBe(0.25);
    expect(options.learningRateFactor).toBeUndefined();
  });

  it('give a branch trained on features its own factor', async () => {
    const { learningRateFactor } = await trainingOptions(planOf({ learningRateFactors: { genres: 2 } }), task(['w']));
    expect(learningRateFactor?.('w')).toBe(2);
  });

  it('give parts trained together theirs, and 1 to all others', async () => {
    const joint = task(['backbone/w', 'heads/genres/w'], (weight) =>
      weight.replace(/^heads\//, '').replace(/\/.*/, ''),
    );
    const plan = planOf({ learningRateFactors: { backbone: 0.1 } });
    const { learningRateFactor } = await trainingOptions(plan, joint);
    expect(['backbone/w', 'heads/genres/w'].map((name) => learningRateFactor?.(name))).toEqual([0.1, 1]);
  });

  it('refuse to freeze all that could learn', async () => {
    await expect(trainingOptions(planOf({ learningRateFactors: { genres: 0 } }), task(['w']))).rejects.toMatchObject({
      code: 'KINDRED_MANIFEST_VALUE',
      message: "Something of 'genres' must be trained. All of its weights have a learning rate of 0.",
      path: 'training.learningRateFactors',
    });
  });

  it('name the schedule that throws', async () => {
    const { schedule: factor } = await trainingOptions(planOf({ schedule: 'broken' }), task(['w']));
    expect(() => factor?.(moment)).toThrow(
      'The schedule broken of more must not throw. It did in "schedule": no such thing',
    );
  });
});

it('what only held-out samples can tell is refused without them', () => {
  const refused = (training: object) => () => {
    requireHeldOut(planOf(training), {});
  };
  expect(refused({ schedule: 'watching' })).toThrow(
    'The schedule watching needs held-out samples. The validation part is empty.',
  );
  expect(refused({ patience: 2 })).toThrow('The training options "restoreBest" and "patience" need held-out samples.');
  expect(refused({ schedule: 'slower' })).not.toThrow();
  expect(() => requireHeldOut(planOf({ schedule: 'watching' }), { validation: {} })).not.toThrow();
});

it('a learning rate of a backbone that is frozen is refused', () => {
  const plan = planOf({ learningRateFactors: { backbone: 0.1 } });
  const model = { trainable: false } as BackboneModel;
  expect(() => {
    refuseFactors(plan, model);
  }).toThrow('The backbone must be trained to have a learning rate. learner is frozen here.');
  expect(() => {
    refuseFactors(plan, { ...model, trainable: true });
  }).not.toThrow();
});
