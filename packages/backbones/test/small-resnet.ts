import { prepareTf } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** All kinds of layers of Keras' ResNet-50 v1, in one block, with random weights: 16x16x3 pixels in, 5 classes out. */
export async function smallResnet(): Promise<tfl.LayersModel> {
  await prepareTf();
  const { layers } = tfl;
  const norm = (x: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor =>
    layers
      .batchNormalization({
        name,
        axis: 3,
        epsilon: 0.001,
        gammaInitializer: 'randomNormal',
        betaInitializer: 'randomNormal',
        movingMeanInitializer: 'randomNormal',
        movingVarianceInitializer: tfl.initializers.randomUniform({ minval: 0.5, maxval: 1.5 }),
      })
      .apply(x) as tfl.SymbolicTensor;
  const apply = (layer: tfl.layers.Layer, x: tfl.SymbolicTensor | tfl.SymbolicTensor[]): tfl.SymbolicTensor =>
    layer.apply(x) as tfl.SymbolicTensor;
  const conv = (x: tfl.SymbolicTensor, name: string, filters: number, kernelSize: number, strides: number) =>
    apply(layers.conv2d({ name, filters, kernelSize, strides, padding: kernelSize === 3 ? 'same' : 'valid' }), x);

  const input = tfl.input({ shape: [16, 16, 3], name: 'input_1' });
  let x = apply(layers.zeroPadding2d({ name: 'conv1_pad', padding: [3, 3] }), input);
  x = apply(layers.activation({ activation: 'relu', name: 'relu1' }), norm(conv(x, 'conv1', 4, 7, 2), 'bn_conv1'));
  x = apply(layers.zeroPadding2d({ name: 'pool1_pad', padding: [1, 1] }), x);
  x = apply(layers.maxPooling2d({ name: 'pool1', poolSize: 3, strides: 2 }), x);
  const shortcut = norm(conv(x, 'res2_branch1', 8, 1, 2), 'bn2_branch1');
  x = norm(conv(x, 'res2_branch2a', 4, 1, 2), 'bn2_branch2a');
  x = apply(layers.activation({ activation: 'relu', name: 'relu2' }), x);
  x = norm(conv(x, 'res2_branch2b', 8, 3, 1), 'bn2_branch2b');
  x = apply(layers.add({ name: 'add1' }), [x, shortcut]);
  x = apply(layers.activation({ activation: 'relu', name: 'relu3' }), x);
  x = apply(layers.globalAveragePooling2d({ name: 'avg_pool' }), x);
  x = apply(layers.dense({ name: 'fc', units: 5, activation: 'softmax' }), x);
  return tfl.model({ inputs: input, outputs: x, name: 'small' });
}

/** The files of a tfjs layers model, its weights in shards of `shardBytes`. */
export async function filesOf(
  model: tfl.LayersModel,
  shardBytes: number,
): Promise<Record<string, Uint8Array | string>> {
  const files: Record<string, Uint8Array | string> = {};
  await model.save({
    save(artifacts) {
      const bytes = Buffer.from(artifacts.weightData as ArrayBuffer);
      const total = Math.ceil(bytes.length / shardBytes);
      const paths = Array.from({ length: total }, (_, i) => `group1-shard${i + 1}of${total}.bin`);
      for (const [i, path] of paths.entries()) files[path] = bytes.subarray(i * shardBytes, (i + 1) * shardBytes);
      files['model.json'] = JSON.stringify({
        format: 'layers-model',
        modelTopology: artifacts.modelTopology,
        weightsManifest: [{ paths, weights: artifacts.weightSpecs }],
      });
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } });
    },
  });
  return files;
}

/** Copies of a model's weights by the names they have in its file. */
export function weightsOf(model: tfl.LayersModel): Record<string, tf.Tensor> {
  return Object.fromEntries(model.weights.map((variable) => [variable.originalName, tf.clone(variable.read())]));
}
