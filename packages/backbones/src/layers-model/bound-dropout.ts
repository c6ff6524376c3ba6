import type { Mode } from '@kindred/core';
import { KindredError } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/** Layers that draw their noise on the host: an engine would record one draw and repeat it in every step. */
const HOST_NOISE = new Set(['SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout']);

/**
 * Runs `body` with every Dropout layer drawing through `mode.dropout`. Outside of training nothing is drawn, and nothing changed.
 * @throws KINDRED_BACKBONE_LAYERS in training, for other layers that draw random numbers
 */
export function withBoundDropout<T>(all: readonly Layer[], mode: Mode, body: () => T): T {
  if (!mode.training) return body();
  const bound = all.filter((layer) => {
    const name = layer.getClassName();
    if (HOST_NOISE.has(name)) throw untrainable(layer.name, name);
    return name === 'Dropout';
  });
  for (const layer of bound) {
    const rate = Number(layer.getConfig()['rate']);
    layer.call = (inputs) => mode.dropout(Array.isArray(inputs) ? (inputs[0] as Tensor) : inputs, rate);
  }
  try {
    return body();
  } finally {
    for (const layer of bound) delete (layer as Partial<Layer>).call;
  }
}

function untrainable(layer: string, className: string): KindredError {
  return new KindredError('KINDRED_BACKBONE_LAYERS', {
    message: `A backbone that is trained must draw random numbers with Dropout layers alone. Its layer "${layer}" is a ${className}.`,
    received: className,
    hint: 'Replace the layer with Dropout, or use the model frozen.',
  });
}
