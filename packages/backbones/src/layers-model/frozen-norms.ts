import type { layers } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/**
 * Runs `body` with the batch normalizations among `all` normalizing by their moving averages, in training too: what Keras does with frozen
 * ones, and its guide to transfer learning with all of a pretrained model.
 */
export function withFrozenNorms<T>(all: readonly Layer[], body: () => T): T {
  const bound = all.filter((layer) => layer.getClassName() === 'BatchNormalization');
  for (const layer of bound) {
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => call(inputs, { ...kwargs, training: false });
  }
  try {
    return body();
  } finally {
    for (const layer of bound) delete (layer as Partial<Layer>).call;
  }
}
