import { createRandom, prepareTfGradients, type Mode, type NamedTensors, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

import { smallResnet, weightsOf } from '../../test/small-resnet.js';

import type { LayersNetwork } from './layers-network.js';
import { networkFromLayersModel } from './network-from-layers-model.js';
import { splitLayersModel, type SplitModel, type SplitOptions } from './split-layers-model.js';

const inference: Mode = { training: false, dropout: (x) => x, update: () => undefined };
const x = (): tf.Tensor4D => tf.randomNormal([3, 16, 16, 3], 0, 1, 'float32', 5);
const tensors = ({ initial }: LayersNetwork): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(initial).map(([name, { value }]) => [name, tf.tensor(value.data, [...value.shape])]),
  );
const valuesOf = (model: LayersModel): Record<string, NdArray<'float32'>> =>
  Object.fromEntries(
    Object.entries(weightsOf(model)).map(([name, tensor]) => [
      name,
      { dtype: 'float32', shape: tensor.shape, data: tensor.dataSync<'float32'>().slice() },
    ]),
  );
const trainedOf = ({ initial }: LayersNetwork): string[] =>
  Object.keys(initial).filter((name) => initial[name]?.trainable);
const layersIn = ({ initial }: LayersNetwork): string[] => [
  ...new Set(Object.keys(initial).map((name) => name.split('/')[0] as string)),
];

/** A small residual network with the same random weights each time. */
let model: LayersModel;
let values: Record<string, NdArray<'float32'>>;
const split = async (options: Partial<SplitOptions> = {}): Promise<SplitModel> =>
  splitLayersModel(await smallResnet(), {
    tap: 'avg_pool',
    from: 'res2_branch2a',
    trainNorms: false,
    values,
    ...options,
  });

beforeAll(async () => {
  await prepareTfGradients();
  model = await smallResnet();
  values = valuesOf(model);
});

describe('splitLayersModel', () => {
  // pool1 is read by both paths of the block; within the block no single activation is enough.
  it.each([
    ['res2_branch2a', 'pool1', [4, 4, 4]],
    ['bn2_branch2b', 'pool1', [4, 4, 4]],
    ['res2_branch1', 'pool1', [4, 4, 4]],
    ['bn_conv1', 'conv1', [8, 8, 4]],
  ])('from %s on cuts after %s', async (from, end, shape) => {
    const { stem, network } = await split({ from });
    expect([stem?.end, stem?.outputShape]).toEqual([end, shape]);
    expect(layersIn(stem as LayersNetwork).filter((name) => layersIn(network).includes(name))).toEqual([]);
    expect(trainedOf(stem as LayersNetwork)).toEqual([]);
  });

  it('trains the named layer and those after it, with scale and offset of their norms, and no others', async () => {
    const { network } = await split({ from: 'bn2_branch2a' });
    expect(layersIn(network)).toContain('res2_branch2a');
    expect(trainedOf(network)).not.toContain('res2_branch2a/kernel');
    expect(trainedOf(network)).toEqual(
      expect.arrayContaining([
        'bn2_branch2a/gamma',
        'bn2_branch2a/beta',
        'res2_branch2b/kernel',
        'res2_branch1/kernel',
      ]),
    );
    expect(trainedOf(network).filter((name) => name.includes('moving'))).toEqual([]);
  });

  it.each(['res2_branch2a', 'res2_branch2b', 'bn_conv1'])(
    'gives bit for bit what the whole model gives, cut for %s',
    async (from) => {
      const whole = networkFromLayersModel(await smallResnet(), 'avg_pool', values);
      const expected = whole.forward(tensors(whole), x(), inference);
      const { stem, network } = await split({ from });
      const middle = stem?.forward(tensors(stem), x(), inference) as tf.Tensor;
      expect(network.forward(tensors(network), middle, inference).dataSync()).toEqual(expected.dataSync());
    },
  );

  it('has no stem where all is trained, or nothing before the first trained layer has weights', async () => {
    for (const from of [undefined, 'conv1_pad', 'conv1']) {
      const { stem, network } = await split({ from });
      expect(stem).toBeUndefined();
      expect(trainedOf(network)).toContain('conv1/kernel');
      expect(network.forward(tensors(network), x(), inference).shape).toEqual([3, 8]);
    }
  });

  it('has gradients through what is trained that finite differences confirm', async () => {
    const { stem, network } = await split({ from: 'res2_branch2b' });
    const middle = stem?.forward(tensors(stem), x(), inference) as tf.Tensor;
    const start = tensors(network);
    const names = trainedOf(network);
    const variables = Object.fromEntries(names.map((name) => [name, tf.variable(start[name] as tf.Tensor)]));
    const loss = (weights: NamedTensors): tf.Scalar => {
      const y = network.forward({ ...start, ...weights }, middle, { ...inference, training: true });
      return tf.mean(tf.square(tf.sub(y, 0.3)));
    };
    const { grads } = tf.variableGrads(() => loss(variables), Object.values(variables));
    const gradient = (name: string): tf.Tensor => grads[variables[name]!.name] as tf.Tensor;
    const norm = Math.sqrt(names.reduce((sum, name) => sum + tf.sum(tf.square(gradient(name))).dataSync()[0]!, 0));
    const moved = (step: number): number =>
      loss(
        Object.fromEntries(names.map((name) => [name, tf.add(variables[name]!, tf.mul(gradient(name), step / norm))])),
      ).dataSync()[0]!;
    // Along the gradient itself, step 1e-2: float32 leaves about three digits of the difference.
    expect(Math.abs((moved(1e-2) - moved(-1e-2)) / 2e-2 - norm) / norm).toBeLessThan(2e-2);
  });

  describe('batch normalization in training', () => {
    /** The output in training, and what it changed of moving averages. */
    const train = async (options: Partial<SplitOptions>): Promise<{ y: Float32Array; updated: string[] }> => {
      const { stem, network } = await split(options);
      const middle = stem ? stem.forward(tensors(stem), x(), inference) : x();
      const updated: string[] = [];
      const y = network.forward(tensors(network), middle, {
        ...inference,
        training: true,
        update: (name) => updated.push(name),
      });
      return { y: y.dataSync<'float32'>().slice(), updated };
    };
    const asInPrediction = (): Float32Array => {
      const whole = networkFromLayersModel(model, 'avg_pool');
      return whole.forward(tensors(whole), x(), inference).dataSync<'float32'>().slice();
    };

    it('goes by moving averages and leaves them alone if it is frozen', async () => {
      for (const from of ['res2_branch2a', undefined]) {
        const { y, updated } = await train({ from, trainNorms: false, values: valuesOf(model) });
        expect(updated).toEqual([]);
        expect(y).toEqual(asInPrediction());
      }
    });

    it('goes by the batch in trained layers alone if it is trained', async () => {
      const { y, updated } = await train({ from: 'bn2_branch2b', trainNorms: true, values: valuesOf(model) });
      expect(y).not.toEqual(asInPrediction());
      // bn2_branch2a comes before: its weights are frozen, and so, as in Keras, are its averages.
      const norms = [...new Set(updated.map((name) => name.split('/')[0]))].sort();
      expect(norms).toEqual(['bn2_branch1', 'bn2_branch2b']);
    });
  });

  it('names the nearest layer for an unknown one', async () => {
    await expect(split({ from: 'res2_branch2x' })).rejects.toMatchObject({
      code: 'KINDRED_BACKBONE_TAP',
      path: 'trainable',
      message:
        'What follows "from:" in "trainable" must be the name of a layer of the model "small". There is no layer "res2_branch2x".',
      hint: 'Did you mean "res2_branch2a"?',
    });
  });

  it('refuses to train nothing: the layer has no weights before the tap', async () => {
    await expect(split({ from: 'fc' })).rejects.toMatchObject({
      code: 'KINDRED_BACKBONE_LAYERS',
      message:
        'Some weights between the layer of "trainable" and the tap must be trained. There are none from "fc" to "avg_pool".',
    });
  });

  it('leaves nothing of the model in memory but what it was given', async () => {
    const whole = await smallResnet();
    const before = tf.memory().numTensors;
    const { network } = splitLayersModel(whole, { tap: 'avg_pool', from: 'res2_branch2a', trainNorms: false, values });
    expect(tf.memory().numTensors).toBe(before - whole.weights.length);
    for (const [name, { value }] of Object.entries(network.init(createRandom(1)))) expect(value).toBe(values[name]);
  });
});
