import { createRandom, layerOf, prepareTfGradients, type Mode, type NamedTensors, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

import { filesOf, smallResnet, weightsOf } from '../../test/small-resnet.js';

import { buildLayersModel } from './build-layers-model.js';
import { networkFromLayersModel } from './network-from-layers-model.js';

const inference: Mode = { training: false, dropout: (x) => x, update: () => undefined };
const x = (): tf.Tensor4D => tf.randomNormal([3, 16, 16, 3], 0, 1, 'float32', 5);
const tensors = (weights: Readonly<Record<string, { value: NdArray<'float32'> }>>): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(weights).map(([name, { value }]) => [name, tf.tensor(value.data, [...value.shape])]),
  );
const values = (weights: NamedTensors): Record<string, NdArray<'float32'>> =>
  Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [
      name,
      { dtype: 'float32', shape: tensor.shape, data: tensor.dataSync<'float32'>().slice() },
    ]),
  );
async function topologyOf(model: tfl.LayersModel): Promise<object> {
  const files = await filesOf(model, 1e6);
  return (JSON.parse(files['model.json'] as string) as { modelTopology: object }).modelTopology;
}

let model: tfl.LayersModel;
beforeAll(async () => {
  await prepareTfGradients();
  model = await smallResnet();
});

describe('networkFromLayersModel', () => {
  it.each(['fc', 'avg_pool', 'add1', 'relu1', 'conv1'])('equals model.predict up to the tap %s', async (tap) => {
    const part = tfl.model({ inputs: model.inputs, outputs: model.getLayer(tap).output });
    const expected = part.predict(x()) as tf.Tensor;
    const network = networkFromLayersModel(
      await buildLayersModel(await topologyOf(model)),
      tap,
      values(weightsOf(model)),
    );
    const actual = network.forward(tensors(network.init(createRandom(1))), x(), inference);
    expect(actual.shape.slice(1)).toEqual(network.outputShape);
    // The same operations in the same order: no difference at all.
    expect(actual.dataSync()).toEqual(expected.dataSync());
  });

  it('hands on the given arrays themselves and frees the values of the model', async () => {
    const topology = await topologyOf(model);
    const given = values(weightsOf(model));
    const before = tf.memory().numTensors;
    const network = networkFromLayersModel(await buildLayersModel(topology), 'fc', given);
    expect(tf.memory().numTensors).toBe(before);
    for (const [name, { value }] of Object.entries(network.initial)) expect(value).toBe(given[name]);
  });

  it('names the layer in which something goes wrong, in training and outside of it, and leaves the layers as they were', async () => {
    const built = await smallResnet();
    const network = networkFromLayersModel(built, 'fc');
    const { 'conv1/kernel': _, ...rest } = tensors(network.initial);
    for (const training of [false, true]) {
      const seen: unknown[] = [];
      try {
        network.forward(rest, x(), { ...inference, training });
      } catch (error) {
        seen.push(layerOf(error));
      }
      expect(seen).toEqual(['conv1']);
    }
    expect(built.layers.filter((layer) => Object.hasOwn(layer, 'call'))).toEqual([]);
  });

  it("has the weights of the tap's own layers alone, statistics marked as not trained", async () => {
    const { initial } = networkFromLayersModel(await smallResnet(), 'relu1');
    expect(Object.fromEntries(Object.entries(initial).map(([name, { trainable }]) => [name, trainable]))).toEqual({
      'conv1/kernel': true,
      'conv1/bias': true,
      'bn_conv1/gamma': true,
      'bn_conv1/beta': true,
      'bn_conv1/moving_mean': false,
      'bn_conv1/moving_variance': false,
    });
  });

  it('reads the weights it is given and not those of the model: fails if layers stop using read()', async () => {
    const own = await smallResnet();
    const network = networkFromLayersModel(own, 'fc');
    const doubled = Object.fromEntries(Object.entries(weightsOf(own)).map(([name, value]) => [name, tf.mul(value, 2)]));
    const before = own.predict(x()) as tf.Tensor;
    const changed = network.forward(doubled, x(), inference);
    const after = own.predict(x()) as tf.Tensor;
    expect(after.dataSync()).toEqual(before.dataSync());

    own.setWeights(own.weights.map((variable) => tf.mul(variable.read(), 2)));
    expect(changed.dataSync()).toEqual((own.predict(x()) as tf.Tensor).dataSync());
    expect(changed.dataSync()).not.toEqual(before.dataSync());
  });

  it('gives the model its own weights back after an error', async () => {
    const own = await smallResnet();
    const network = networkFromLayersModel(own, 'fc');
    const before = (own.predict(x()) as tf.Tensor).dataSync();
    expect(() => network.forward({}, x(), inference)).toThrow();
    expect((own.predict(x()) as tf.Tensor).dataSync()).toEqual(before);
  });

  it('is differentiable in its weights', async () => {
    const network = networkFromLayersModel(await smallResnet(), 'fc');
    const variables = Object.fromEntries(
      Object.entries(tensors(network.initial)).map(([name, value]) => [name, tf.variable(value)]),
    );
    const trained = Object.keys(variables).filter((name) => network.initial[name]?.trainable);
    const loss = (weights: NamedTensors): tf.Scalar => {
      const output = network.forward(weights, x(), { ...inference, training: true });
      return tf.mean(tf.square(tf.sub(output, 0.3)));
    };
    const { grads } = tf.variableGrads(
      () => loss(variables),
      trained.map((name) => variables[name] as tf.Variable),
    );

    // Finite differences along the gradient itself, step 1e-2: float32 leaves about three digits of the difference.
    const gradient = (name: string): tf.Tensor => grads[(variables[name] as tf.Variable).name] as tf.Tensor;
    const norm = Math.sqrt(trained.reduce((sum, name) => sum + tf.sum(tf.square(gradient(name))).dataSync()[0]!, 0));
    const moved = (step: number): number => {
      const weights = Object.fromEntries(
        Object.entries(variables).map(([name, value]) =>
          trained.includes(name) ? [name, tf.add(value, tf.mul(gradient(name), step / norm))] : [name, value],
        ),
      );
      return loss(weights).dataSync()[0]!;
    };
    const slope = (moved(1e-2) - moved(-1e-2)) / 2e-2;
    expect(Math.abs(slope - norm) / norm).toBeLessThan(2e-2);
  });

  it('in training normalizes by the batch and hands moving averages to mode.update', async () => {
    const own = await smallResnet();
    const network = networkFromLayersModel(own, 'bn_conv1');
    const weights = tensors(network.initial);
    const updates: Record<string, Float32Array> = {};
    const before = own.getLayer('bn_conv1').getWeights()[2]!.dataSync<'float32'>().slice();
    network.forward(weights, x(), {
      training: true,
      dropout: (y) => y,
      update: (name, value) => void (updates[name] = value.dataSync<'float32'>().slice()),
    });
    expect(Object.keys(updates)).toEqual(['bn_conv1/moving_mean', 'bn_conv1/moving_variance']);

    const convolved = networkFromLayersModel(own, 'conv1').forward(weights, x(), inference);
    const mean = tf.mean(convolved, [0, 1, 2]).dataSync();
    // Keras' momentum is .99; a sum of a few hundred float32 terms keeps six digits.
    updates['bn_conv1/moving_mean']!.forEach((value, i) =>
      expect(value).toBeCloseTo(0.99 * before[i]! + 0.01 * mean[i]!, 5),
    );
    expect(own.getLayer('bn_conv1').getWeights()[2]!.dataSync()).toEqual(before);
  });

  it('draws dropout through mode.dropout, and refuses other noise in training', () => {
    const dropping = (noise: tfl.layers.Layer): tfl.LayersModel =>
      tfl.sequential({ layers: [tfl.layers.dense({ units: 4, inputShape: [3], name: 'd' }), noise] });
    const asked: number[] = [];
    const training: Mode = {
      ...inference,
      training: true,
      dropout(value, rate) {
        asked.push(rate);
        return tf.mul(value, 0);
      },
    };
    const input = tf.ones([2, 3]);
    const network = networkFromLayersModel(dropping(tfl.layers.dropout({ rate: 0.25, name: 'drop' })), 'drop');
    expect(tf.abs(network.forward(tensors(network.initial), input, training)).dataSync()).toEqual(new Float32Array(8));
    expect(asked).toEqual([0.25]);

    const noisy = networkFromLayersModel(dropping(tfl.layers.gaussianNoise({ stddev: 1, name: 'noise' })), 'noise');
    expect(noisy.forward(tensors(noisy.initial), input, inference).shape).toEqual([2, 4]);
    expect(() => noisy.forward(tensors(noisy.initial), input, training)).toThrowError(
      expect.objectContaining({ code: 'KINDRED_BACKBONE_LAYERS' }) as Error,
    );
  });

  it('names the nearest layer for an unknown tap', () => {
    expect(() => networkFromLayersModel(model, 'avgpool')).toThrowError(
      expect.objectContaining({
        code: 'KINDRED_BACKBONE_TAP',
        message: 'The tap must be the name of a layer of the model "small". There is no layer "avgpool".',
        hint: 'Did you mean "avg_pool"?',
      }) as Error,
    );
    expect(() => networkFromLayersModel(model, 'input_1')).toThrowError(/must be the name of a layer/);
  });

  it('refuses weights that are missing or of another shape', async () => {
    const topology = await topologyOf(model);
    const given = values(weightsOf(model));
    const build = async (changed: Record<string, NdArray<'float32'>>): Promise<unknown> =>
      networkFromLayersModel(await buildLayersModel(topology), 'fc', changed);
    const { 'fc/bias': bias, ...rest } = given;
    await expect(build(rest)).rejects.toMatchObject({
      code: 'KINDRED_WEIGHTS_INVALID',
      message: 'The weight "fc/bias" must have the shape [5] that its layer needs. It is missing.',
    });
    await expect(build({ ...rest, 'fc/bias': { ...bias!, shape: [5, 1] } })).rejects.toMatchObject({
      message: 'The weight "fc/bias" must have the shape [5] that its layer needs. Got [5, 1].',
    });
  });
});

describe('buildLayersModel', () => {
  it('builds for another input size with the same weights', async () => {
    const larger = await buildLayersModel(await topologyOf(model), [24, 20]);
    expect(larger.inputs[0]?.shape).toEqual([null, 24, 20, 3]);
    const network = networkFromLayersModel(larger, 'avg_pool', values(weightsOf(model)));
    expect(network.forward(tensors(network.initial), tf.zeros([1, 24, 20, 3]), inference).shape).toEqual([1, 8]);
  });

  it("takes Keras' list for the axis of a batch normalization", async () => {
    const listed = JSON.parse(JSON.stringify(await topologyOf(model)).replaceAll('"axis":3', '"axis":[3]')) as object;
    const network = networkFromLayersModel(await buildLayersModel(listed), 'avg_pool', values(weightsOf(model)));
    const expected = networkFromLayersModel(model, 'avg_pool');
    const run = (of: typeof network): unknown => of.forward(tensors(of.initial), x(), inference).dataSync();
    expect(run(network)).toEqual(run(expected));
  });
});
