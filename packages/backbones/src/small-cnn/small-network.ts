import { KindredError, withLayer, type ImageSpec, type Network } from '@kindred/core';
import { cast, div, type Tensor } from '@tensorflow/tfjs-core';

import type { LayerOptions } from './layer-options.js';
import type { Layer, Shape } from './layer.js';
import { kindOf, makeLayer } from './make-layer.js';

interface Named extends Layer {
  readonly name: string;
}

/**
 * The network of a list of layers: int32 pixels `[N, H, W, C]` in, scaled to [0, 1], features `[N, D]` out.
 * @throws KINDRED_BACKBONE_LAYERS if a layer does not fit what comes before it, or the last one leaves height and width
 */
export function smallNetwork(
  input: ImageSpec,
  options: readonly LayerOptions[],
): { readonly network: Network; readonly features: number } {
  const layers = chain([input.height, input.width, input.channels], options);
  const outputShape = (layers.at(-1) as Named).outputShape;
  if (outputShape.length !== 1) {
    throw refusal(
      `layers.${layers.length - 1}`,
      'the last layer must give a flat feature',
      'Add { "flatten": true } or { "globalAveragePool": true } at the end.',
      outputShape,
    );
  }
  return {
    features: outputShape[0] as number,
    network: {
      // Each layer draws from a stream of its own: changing one leaves the others' starting values as they were.
      init: (random) =>
        Object.assign({}, ...layers.map((layer) => layer.init?.(random.fork(layer.name)))) as ReturnType<
          Network['init']
        >,
      forward: (weights, x, mode) => {
        let activations: Tensor = div(cast(x, 'float32'), 255);
        for (const layer of layers) {
          const input = activations;
          activations = withLayer(layer.name, () => layer.forward(weights, input, mode));
        }
        return activations;
      },
    },
  };
}

/** Layers named by their kind and how many of it there were: `conv1`, `conv2`, `dense1`. */
function chain(input: Shape, options: readonly LayerOptions[]): Named[] {
  const counts = new Map<string, number>();
  const layers: Named[] = [];
  let inputShape = input;
  for (const [i, layer] of options.entries()) {
    const kind = kindOf(layer);
    const nth = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, nth);
    const name = `${kind}${nth}`;
    const refuse = (problem: string, hint: string): never => {
      throw refusal(`layers.${i}`, problem, hint, inputShape);
    };
    const made = makeLayer(layer, { name, inputShape, refuse });
    layers.push({ ...made, name });
    inputShape = made.outputShape;
  }
  return layers;
}

function refusal(path: string, problem: string, hint: string, shape: Shape): KindredError {
  return new KindredError('KINDRED_BACKBONE_LAYERS', {
    message: `In the layers of small-cnn ${problem}. At ${path} the activations have the shape [${shape.join(', ')}].`,
    path,
    received: shape,
    hint,
  });
}
