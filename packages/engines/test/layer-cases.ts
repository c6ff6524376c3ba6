import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { toTensor } from '@kindred/core';
import type * as tfLayers from '@tensorflow/tfjs-layers';

import { numbers, wholes, type NumericCase } from '../src/testing/index.js';

type Layers = typeof tfLayers;
type Layer = tfLayers.layers.Layer;

interface LayerCase {
  readonly name: string;
  readonly layer: Layer;
  /** Shapes of one sample of each input. */
  readonly shapes: readonly (readonly number[])[];
  /** Samples. tfjs' CPU backend takes gradients of nearest neighbours from the wrong one of several. */
  readonly batch?: number;
  /** The inputs are whole numbers: no gradients with respect to them. */
  readonly indices?: boolean;
}

const IMAGE = [7, 6, 4];

/** Every layer that image models are made of, with strides and paddings that do not fit. */
function layersOf({ layers }: Layers): LayerCase[] {
  const one = (name: string, layer: Layer, shape: readonly number[] = IMAGE) => ({ name, layer, shapes: [shape] });
  const two = (name: string, layer: Layer) => ({ name, layer, shapes: [IMAGE, IMAGE] });
  const normal = { kernelInitializer: 'glorotNormal', biasInitializer: 'randomNormal' } as const;
  const activations = [
    ...(['elu', 'hardSigmoid', 'linear', 'relu', 'relu6', 'selu', 'sigmoid', 'softmax', 'softplus'] as const),
    ...(['softsign', 'tanh', 'swish', 'mish', 'gelu', 'gelu_new'] as const),
  ];
  return [
    one('Conv2D', layers.conv2d({ filters: 5, kernelSize: 3, ...normal })),
    one('Conv2D strided', layers.conv2d({ filters: 5, kernelSize: [5, 3], strides: 2, padding: 'same', ...normal })),
    one('Conv2D fused with relu', layers.conv2d({ filters: 5, kernelSize: 1, activation: 'relu', ...normal })),
    one('Conv1D', layers.conv1d({ filters: 5, kernelSize: 3, padding: 'same', ...normal }), [9, 3]),
    one('DepthwiseConv2D', layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' })),
    one('DepthwiseConv2D strided', layers.depthwiseConv2d({ kernelSize: 3, strides: [2, 2] })),
    one('SeparableConv2D', layers.separableConv2d({ filters: 5, kernelSize: 3, padding: 'same' })),
    one('Conv2DTranspose', layers.conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2, ...normal })),
    one('Conv2DTranspose same', layers.conv2dTranspose({ filters: 3, kernelSize: 4, strides: 2, padding: 'same' })),
    one('Dense', layers.dense({ units: 5, ...normal }), [7]),
    one('Dense of images', layers.dense({ units: 5, activation: 'tanh', ...normal })),
    one('BatchNormalization', layers.batchNormalization({ gammaInitializer: 'randomNormal' })),
    one('LayerNormalization', layers.layerNormalization({ gammaInitializer: 'randomNormal' })),
    one('MaxPooling2D', layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })),
    one('MaxPooling2D that leaves a rest', layers.maxPooling2d({ poolSize: 2 })),
    one('MaxPooling1D', layers.maxPooling1d({ poolSize: 2 }), [7, 3]),
    one('AveragePooling2D', layers.averagePooling2d({ poolSize: [2, 3], strides: [1, 2] })),
    one('GlobalAveragePooling2D', layers.globalAveragePooling2d({})),
    one('GlobalMaxPooling2D', layers.globalMaxPooling2d({})),
    one(
      'ZeroPadding2D',
      layers.zeroPadding2d({
        padding: [
          [1, 0],
          [2, 3],
        ],
      }),
    ),
    one('Cropping2D', layers.cropping2D({ cropping: [1, 2] })),
    { ...one('UpSampling2D nearest', layers.upSampling2d({ size: [2, 3] })), batch: 1 },
    one('UpSampling2D bilinear', layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }), [5, 5, 4]),
    one('Flatten', layers.flatten()),
    one('Reshape', layers.reshape({ targetShape: [6, -1] })),
    one('Permute', layers.permute({ dims: [3, 1, 2] })),
    one('RepeatVector', layers.repeatVector({ n: 3 }), [5]),
    two('Concatenate', layers.concatenate()),
    two('Add', layers.add()),
    two('Multiply', layers.multiply()),
    two('Average', layers.average()),
    two('Maximum', layers.maximum()),
    { name: 'Dot', layer: layers.dot({ axes: -1 }), shapes: [[5], [5]] },
    ...activations.map((activation) => one(`Activation ${activation}`, layers.activation({ activation }))),
    one('ReLU with a limit', layers.reLU({ maxValue: 1 })),
    one('LeakyReLU', layers.leakyReLU({ alpha: 0.2 })),
    one('PReLU', layers.prelu({ alphaInitializer: 'randomNormal' })),
    one('ELU', layers.elu()),
    one('Softmax', layers.softmax(), [5]),
    { name: 'Embedding', layer: layers.embedding({ inputDim: 4, outputDim: 3 }), shapes: [[6]], indices: true },
    one('Dropout at inference', layers.dropout({ rate: 0.5 })),
    one('LSTM', layers.lstm({ units: 3 }), [4, 2]),
    one('GRU', layers.gru({ units: 3, returnSequences: true }), [4, 2]),
  ];
}

/** Forward pass, and gradients with respect to the inputs and to all weights. */
function caseOf({ name, layer, shapes, batch = 3, indices = false }: LayerCase, { input }: Layers): NumericCase {
  const symbols = shapes.map((shape) => input({ shape: [...shape] }));
  // Building draws the weights, which must be there before a program is recorded.
  layer.apply(symbols.length === 1 ? (symbols[0] as (typeof symbols)[0]) : symbols);
  const forward = (x: Tensor[]) => layer.apply(x.length === 1 ? (x[0] as Tensor) : x) as Tensor;
  const weighted = (y: Tensor) => tf.sum<tf.Scalar>(tf.mul(y, toTensor(numbers(y.shape, 9))));
  return {
    name: `layer ${name}`,
    x: shapes.map((shape, i) => (indices ? wholes([batch, ...shape], i, 0, 4) : numbers([batch, ...shape], i))),
    gradients: false,
    // Statistics and several products in a row round more than one kernel does.
    tolerance: 1e-5,
    f: (...x) => {
      const weights = layer.trainableWeights.map((weight) => weight.read() as Variable);
      const toWeights = weights.length ? tf.variableGrads(() => weighted(forward(x)), weights).grads : {};
      const toInputs = indices ? [] : tf.grads((...inputs) => weighted(forward(inputs)))(x);
      return [forward(x), ...toInputs, ...weights.map((weight) => toWeights[weight.name] as Tensor)];
    },
  };
}

export function layerCases(layers: Layers): NumericCase[] {
  return layersOf(layers).map((layerCase) => caseOf(layerCase, layers));
}
