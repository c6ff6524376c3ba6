import * as tf from '@tensorflow/tfjs-core';
import { createRandom, float32, type NdArray, type NdArrays, type Program, type Random } from '@kindred/core';

const draw = (random: Random, shape: readonly number[], scale: number): NdArray<'float32'> =>
  float32(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() * scale),
  );

const CHANNELS = 12;

/** A residual network in small with all that quantizing has to deal with: paddings, normalisation, a shortcut, pools. */
export function residualProgram(seed = 5): Program {
  const random = createRandom(seed);
  const kernels: Record<string, readonly number[]> = {
    stem: [5, 5, 3, CHANNELS],
    reduce: [1, 1, CHANNELS, 8],
    inner: [3, 3, 8, 8],
    expand: [1, 1, 8, CHANNELS],
  };
  const constants: Record<string, NdArrays[string]> = {};
  for (const [name, shape] of Object.entries(kernels)) {
    const [height = 1, width = 1, inputs = 1, outputs = 1] = shape;
    constants[`${name}/kernel`] = draw(random, shape, Math.sqrt(2 / (height * width * inputs)));
    constants[`${name}/bias`] = draw(random, [outputs], 0.1);
    constants[`${name}/mean`] = draw(random, [outputs], 0.2);
    constants[`${name}/gain`] = float32(
      [outputs],
      Array.from({ length: outputs }, () => 0.6 + random.next()),
    );
    constants[`${name}/shift`] = draw(random, [outputs], 0.2);
    constants[`${name}/variance`] = float32(
      [outputs],
      Array.from({ length: outputs }, () => 0.5 + random.next()),
    );
  }
  return {
    name: 'residual',
    constants,
    run({ inputs, constants: c }) {
      const layer = (x: tf.Tensor4D, name: string, strides: number, pad: 'same' | 'valid' = 'same') => {
        const of = (part: string) => c[`${name}/${part}`] as tf.Tensor1D;
        const y = tf.add(tf.conv2d(x, of('kernel') as unknown as tf.Tensor4D, strides, pad), of('bias'));
        return tf.batchNorm4d(y as tf.Tensor4D, of('mean'), of('variance'), of('shift'), of('gain'), 1e-3);
      };
      const image = tf.sub(tf.cast(inputs['images'] as tf.Tensor4D, 'float32'), tf.tensor1d([104, 117, 124]));
      const padded = tf.pad4d(tf.div(image, 58), [
        [0, 0],
        [2, 2],
        [2, 2],
        [0, 0],
      ]);
      const stem = tf.relu(layer(padded, 'stem', 2, 'valid'));
      const pooled = tf.maxPool(
        tf.pad4d(stem, [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ]),
        3,
        2,
        'valid',
      );
      const inner = tf.relu6(layer(tf.relu(layer(pooled, 'reduce', 1)), 'inner', 1));
      const sum = tf.relu(tf.add(layer(inner, 'expand', 1), pooled));
      return { features: tf.mean(sum, [1, 2]) };
    },
  };
}

/** Images uint8 `[count, size, size, 3]`: slopes of different colours with a little noise. */
export function drawnImages(count: number, seed: number, size = 32): NdArray<'uint8'> {
  const random = createRandom(seed);
  const data = new Uint8Array(count * size * size * 3);
  for (let image = 0, at = 0; image < count; image++) {
    const colours = Array.from({ length: 6 }, () => random.next() * 255);
    for (let place = 0; place < size * size; place++) {
      const [x, y] = [(place % size) / size, Math.floor(place / size) / size];
      for (let c = 0; c < 3; c++) {
        const value = (colours[c] ?? 0) * x + (colours[c + 3] ?? 0) * y + random.normal() * 8;
        data[at++] = Math.min(255, Math.max(0, value));
      }
    }
  }
  return { dtype: 'uint8', shape: [count, size, size, 3], data };
}
