import { createRandom } from '@kindred/core';

/*
 * A folder's files with a residual network in Keras' form: five convolutions, one block, random weights. Plain JSON, as the converter
 * writes it.
 */

const CHANNELS = 8;
const conv = (name: string, inputs: number, filters: number, size: number, strides: number) => ({
  name,
  class_name: 'Conv2D',
  config: { name, filters, kernel_size: [size, size], strides: [strides, strides], padding: 'same', use_bias: true },
  weights: { kernel: [size, size, inputs, filters], bias: [filters] },
});
const norm = (name: string) => ({
  name,
  class_name: 'BatchNormalization',
  config: { name, axis: 3, epsilon: 0.001 },
  weights: { gamma: [CHANNELS], beta: [CHANNELS], moving_mean: [CHANNELS], moving_variance: [CHANNELS] },
});
const relu = (name: string) => ({ name, class_name: 'Activation', config: { name, activation: 'relu' }, weights: {} });
const bare = (name: string, className: string) => ({ name, class_name: className, config: { name }, weights: {} });

interface Layer {
  readonly name: string;
  readonly class_name: string;
  readonly config: object;
  /** Shapes by name. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
  readonly from: readonly string[];
}

const LAYERS: readonly Layer[] = [
  { ...conv('conv1', 3, CHANNELS, 5, 4), from: ['pixels'] },
  { ...norm('bn_conv1'), from: ['conv1'] },
  { ...relu('relu1'), from: ['bn_conv1'] },
  { ...conv('branch2a', CHANNELS, CHANNELS, 1, 2), from: ['relu1'] },
  { ...norm('bn_branch2a'), from: ['branch2a'] },
  { ...relu('relu2'), from: ['bn_branch2a'] },
  { ...conv('branch2b', CHANNELS, CHANNELS, 3, 1), from: ['relu2'] },
  { ...conv('branch1', CHANNELS, CHANNELS, 1, 2), from: ['relu1'] },
  { ...bare('sum', 'Add'), from: ['branch2b', 'branch1'] },
  { ...relu('relu3'), from: ['sum'] },
  { ...bare('avg_pool', 'GlobalAveragePooling2D'), from: ['relu3'] },
];

/** Layers and weights by the names of their files. */
export function smallResidual(): Record<string, string | Uint8Array> {
  const random = createRandom(8);
  const values: number[] = [];
  const weights = LAYERS.flatMap(({ name: layer, weights: shapes }) =>
    Object.entries(shapes).map(([name, shape]) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const fan = size / (shape.at(-1) ?? 1);
      // Variances must be above 0; means near 0 keep what passes through alive.
      const draw = () =>
        name === 'moving_variance' ? 0.5 + random.next() : name === 'gamma' ? 1 : random.normal() / Math.sqrt(fan);
      for (let i = 0; i < size; i++) values.push(draw());
      return { name: `${layer}/${name}`, shape, dtype: 'float32' };
    }),
  );
  const pixels = { name: 'pixels', batch_input_shape: [null, 64, 64, 3], dtype: 'float32' };
  const layers = [
    { name: 'pixels', class_name: 'InputLayer', config: pixels, inbound_nodes: [] as unknown[] },
    ...LAYERS.map(({ weights: _, from, ...layer }) => ({
      ...layer,
      inbound_nodes: [from.map((source) => [source, 0, 0, {}])],
    })),
  ];
  const config = { name: 'small', layers, input_layers: [['pixels', 0, 0]], output_layers: [['avg_pool', 0, 0]] };
  const modelTopology = { class_name: 'Model', config };
  return {
    'model.json': JSON.stringify({
      format: 'layers-model',
      modelTopology,
      weightsManifest: [{ paths: ['shard.bin'], weights }],
    }),
    'shard.bin': new Uint8Array(Float32Array.from(values).buffer),
  };
}
