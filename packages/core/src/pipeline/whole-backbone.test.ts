import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { createRandom } from '../context/random.js';
import type { BackboneModel, Network } from '../plugin/contract.js';
import { float32 } from '../tensor/nd-array.js';
import { prepareTf, toTensor } from '../tensor/tf-runtime.js';
import { createEagerEngine } from '../testing/eager-engine.js';
import { inferenceMode } from '../training/mode.js';

import { backboneProgram } from './compose.js';
import { stemAsBackbone, stemWeights, valuesOf } from './whole-backbone.js';

const scaling = (by: number): Network => ({
  init: () => ({ scale: { value: float32([], [by]) } }),
  forward: ({ scale }, x) => tf.mul(tf.cast(x, 'float32'), scale as tf.Tensor),
});

const model: BackboneModel = {
  input: { width: 2, height: 1, channels: 1, resize: 'stretch' },
  features: 2,
  trainable: true,
  fingerprint: 'both',
  stem: { network: scaling(10), shape: [1, 2, 1], fingerprint: 'stem' },
  network: { ...scaling(3), forward: (weights, x, mode) => scaling(3).forward(weights, x, mode).reshape([-1, 2]) },
};
const images = { dtype: 'uint8', shape: [2, 1, 2, 1], data: Uint8Array.of(1, 2, 3, 4) } as const;

beforeAll(() => prepareTf());

describe('a backbone with a stem', () => {
  it('is the stem with its own weights, and after it the rest with those that were trained', async () => {
    const { dispose, compile } = createEagerEngine();
    const program = backboneProgram(model, { scale: float32([], [7]) });
    expect(Object.keys(program.constants ?? {})).toEqual(['stem/scale', 'network/scale']);
    const executable = await compile(program);
    expect((await executable.run({ images }))['features']).toEqual(float32([2, 2], [70, 140, 210, 280]));
    await dispose();
  });

  it("has a frozen backbone of its own: the stem's activations, flat, under the stem's fingerprint", () => {
    const { stem } = model;
    if (!stem) throw new RangeError('it has a stem');
    const frozen = stemAsBackbone(model, stem);
    expect(frozen).toMatchObject({ features: 2, trainable: false, fingerprint: 'stem', input: model.input });
    expect(valuesOf(frozen.network.init(createRandom(5)))).toEqual(stemWeights(stem));
    const y = frozen.network.forward({ scale: tf.scalar(10) }, toTensor(images), inferenceMode);
    expect([y.shape, [...y.dataSync()]]).toEqual([
      [2, 2],
      [10, 20, 30, 40],
    ]);
  });
});
