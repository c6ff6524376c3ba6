import * as tf from '@tensorflow/tfjs-core';
import type * as tfLayers from '@tensorflow/tfjs-layers';
import { prepareTfGradients, toNdArray, toTensor, type NdArray, type NdArrays, type Program } from '@kindred/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectClose, numbers, wholes } from '../test/support.js';
import { createOnnxEngine } from './engine.js';

const engine = createOnnxEngine({ workers: 2 });
beforeAll(prepareTfGradients);
afterAll(() => engine.dispose());

type Layers = typeof tfLayers;

/** A residual network in small: all kinds of layers of ResNet-50, odd sizes, moving averages that are not trivial. */
function residualNetwork(layers: Layers) {
  const { conv2d, batchNormalization, activation, add } = layers.layers;
  const normal = { kernelInitializer: 'glorotNormal' as const, biasInitializer: 'randomNormal' as const };
  const norm = () =>
    batchNormalization({
      gammaInitializer: 'randomNormal',
      betaInitializer: 'randomNormal',
      movingMeanInitializer: 'randomNormal',
      movingVarianceInitializer: 'ones',
    });
  const image = layers.input({ shape: [33, 35, 3] });
  let x = layers.layers.zeroPadding2d({ padding: 3 }).apply(image);
  x = conv2d({ filters: 8, kernelSize: 7, strides: 2, ...normal }).apply(x);
  x = activation({ activation: 'relu' }).apply(norm().apply(x));
  x = layers.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }).apply(x);
  const shortcut = norm().apply(conv2d({ filters: 16, kernelSize: 1, strides: 2, ...normal }).apply(x));
  let y = conv2d({ filters: 4, kernelSize: 1, strides: 2, ...normal }).apply(x);
  y = activation({ activation: 'relu' }).apply(norm().apply(y));
  y = conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', ...normal }).apply(y);
  y = norm().apply(conv2d({ filters: 16, kernelSize: 1, ...normal }).apply(y));
  const sum = activation({ activation: 'relu' }).apply(add().apply([shortcut, y] as tf.Tensor[]));
  const pooled = layers.layers.globalAveragePooling2d({}).apply(sum);
  const logits = layers.layers.dense({ units: 5, activation: 'softmax', ...normal }).apply(pooled);
  return layers.model({ inputs: image, outputs: logits as ReturnType<Layers['input']> });
}

describe('a residual network of tfjs layers', () => {
  it('gives the probabilities that tfjs gives', async () => {
    const layers = await import('@tensorflow/tfjs-layers');
    const model = residualNetwork(layers);
    const pixels = Uint8Array.from(wholes([2, 33, 35, 3], 1, 0, 256).data);
    const image: NdArray = { dtype: 'uint8', shape: [2, 33, 35, 3], data: pixels };
    const network = (x: tf.Tensor) => model.predict(tf.div(tf.sub(tf.cast(x, 'float32'), 127.5), 64)) as tf.Tensor;
    const eager = tf.tidy(() => network(toTensor(image)));
    const expected = toNdArray(eager);
    eager.dispose();
    const executable = await engine.compile({
      name: 'residual',
      run: ({ inputs }) => ({ y: network(inputs.image as tf.Tensor) }),
    });
    const { y } = await executable.run({ image });
    // Batch normalization is merged into the convolutions' weights, which rounds differently.
    expectClose(y as NdArray, expected, 1e-5);
    await executable.dispose();
    model.dispose();
  });
});

/** One step of Adam (Kingma and Ba, 2014) on a small convolutional network. */
function adamStep(): Program {
  const weights: NdArrays = {
    conv: numbers([3, 3, 2, 4], 1, -0.4, 0.4),
    bias: numbers([4], 2, -0.1, 0.1),
    conv2: numbers([3, 3, 4, 5], 5, -0.3, 0.3),
    dense: numbers([5 * 3 * 3, 3], 3, -0.3, 0.3),
  };
  const zeros = (prefix: string) =>
    Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [`${prefix}/${name}`, toZero(shape)]));
  return {
    name: 'adam',
    constants: { rate: { dtype: 'float32', shape: [], data: Float32Array.of(0.01) } },
    variables: { ...weights, ...zeros('m'), ...zeros('v'), t: toZero([]) },
    run({ inputs, constants, variables }) {
      const get = (name: string) => variables[name] as tf.Variable;
      const loss = () => {
        let h: tf.Tensor = tf.conv2d(inputs.x as tf.Tensor4D, get('conv') as tf.Tensor4D, 1, 'same');
        h = tf.maxPool(tf.relu(tf.add<tf.Tensor4D>(h, get('bias'))), 2, 2, 'valid');
        h = tf.relu(tf.conv2d(h as tf.Tensor4D, get('conv2') as tf.Tensor4D, 2, 'same'));
        h = tf.reshape(h, [h.shape[0], -1]);
        const logits = tf.matMul(h, get('dense'));
        const likelihood = tf.sum(tf.mul(tf.logSoftmax(logits), inputs.y as tf.Tensor), 1);
        return tf.neg(tf.mean<tf.Scalar>(likelihood));
      };
      const { value, grads } = tf.variableGrads(loss, Object.keys(weights).map(get));
      const t = tf.add(get('t'), 1);
      get('t').assign(t);
      for (const name of Object.keys(weights)) {
        const gradient = grads[get(name).name] as tf.Tensor;
        const m = tf.add(tf.mul(get(`m/${name}`), 0.9), tf.mul(gradient, 0.1));
        const v = tf.add(tf.mul(get(`v/${name}`), 0.999), tf.mul(tf.square(gradient), 0.001));
        get(`m/${name}`).assign(m);
        get(`v/${name}`).assign(v);
        const corrected = tf.div(
          tf.div(m, tf.sub(1, tf.pow(0.9, t))),
          tf.add(tf.sqrt(tf.div(v, tf.sub(1, tf.pow(0.999, t)))), 1e-7),
        );
        get(name).assign(tf.sub(get(name), tf.mul(corrected, constants.rate as tf.Tensor)));
      }
      return { loss: value };
    },
  };
}

const toZero = (shape: readonly number[]): NdArray => ({
  dtype: 'float32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

/** A batch whose size alternates: full, and the rest of an epoch. */
function batch(i: number): NdArrays {
  const size = i % 3 === 2 ? 3 : 6;
  const labels = wholes([size], i + 50, 0, 3).data;
  const y = Float32Array.from({ length: size * 3 }, (_, at) => Number(labels[Math.floor(at / 3)] === at % 3));
  return { x: numbers([size, 12, 12, 2], i), y: { dtype: 'float32', shape: [size, 3], data: y } };
}

/** Runs `program` eagerly on tfjs' CPU backend: an engine of a few lines. */
function eagerly(program: Program, batches: readonly NdArrays[]) {
  const map = <T>(arrays: NdArrays | undefined, change: (array: NdArray) => T) =>
    Object.fromEntries(Object.entries(arrays ?? {}).map(([name, array]) => [name, change(array)]));
  const variables = map(program.variables, (array) => tf.variable(toTensor(array)));
  const losses = batches.map((inputs) => {
    const loss = tf.tidy(() => {
      const tensors = { inputs: map(inputs, toTensor), constants: map(program.constants, toTensor), variables };
      return program.run(tensors).loss as tf.Tensor;
    });
    const value = toNdArray(loss);
    loss.dispose();
    return value;
  });
  const final = Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, toNdArray(variable)]));
  tf.dispose(variables);
  return { losses, final };
}

describe('training a convolutional network with Adam', () => {
  it('follows tfjs over 50 steps, with two batch sizes that share the variables', async () => {
    const program = adamStep();
    const batches = Array.from({ length: 50 }, (_, i) => batch(i));
    const expected = eagerly(program, batches);
    const executable = await engine.compile(program);
    const losses: NdArray[] = [];
    for (const inputs of batches) losses.push((await executable.run(inputs)).loss as NdArray);
    // Rounding differences of 1e-7 grow along the path of the optimizer.
    losses.forEach((loss, i) => expectClose(loss, expected.losses[i] as NdArray, 1e-3, `loss ${i}`));
    const final = await executable.readVariables();
    expect(Object.keys(final).sort()).toEqual(Object.keys(expected.final).sort());
    for (const [name, array] of Object.entries(expected.final)) expectClose(final[name] as NdArray, array, 2e-3, name);
    const moved = (name: string) =>
      Math.max(
        ...Array.from(final[name]?.data ?? [], (value, i) =>
          Math.abs(value - (program.variables?.[name]?.data[i] ?? 0)),
        ),
      );
    expect(moved('conv')).toBeGreaterThan(0.05);
    await executable.dispose();
  }, 120_000);
});
