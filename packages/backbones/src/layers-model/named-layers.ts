import { withLayer } from '@kindred/core';
import type { layers } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/** Runs `body` with every call of a layer under the layer's name, for messages; the layers are left as they were. */
export function withNamedLayers<T>(all: readonly Layer[], body: () => T): T {
  const restore = all.map((layer) => {
    // Another adapter may have put a method of its own there.
    const own = Object.getOwnPropertyDescriptor(layer, 'call');
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => withLayer(layer.name, () => call(inputs, kwargs));
    return () => {
      if (own) Object.defineProperty(layer, 'call', own);
      else delete (layer as Partial<Layer>).call;
    };
  });
  try {
    return body();
  } finally {
    for (const undo of restore) undo();
  }
}
