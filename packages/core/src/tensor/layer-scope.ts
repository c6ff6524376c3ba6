import type { Tensor } from '@tensorflow/tfjs-core';

/** Marks errors with the layer they came from; a registered symbol, since several copies of this package may be loaded. */
const LAYER = Symbol.for('kindred.layer');

type Observe = (layer: string, output: Tensor) => void;

const path: string[] = [];
let observer: Observe | undefined;

/**
 * Names a layer while `body` builds it, so that messages can tell where something went wrong. Scopes nest: `backbone/conv1`. Layers that a
 * network builds need a call each; what they compute does not change.
 */
export function withLayer<T extends Tensor | Tensor[]>(name: string, body: () => T): T {
  path.push(name);
  try {
    const output = body();
    const outputs: readonly Tensor[] = Array.isArray(output) ? output : [output];
    for (const tensor of outputs) observer?.(path.join('/'), tensor);
    return output;
  } catch (error) {
    // The innermost layer is the first to see it.
    if (error instanceof Error && layerOf(error) === undefined) {
      Object.defineProperty(error, LAYER, { value: path.join('/') });
    }
    throw error;
  } finally {
    path.pop();
  }
}

/** The layer in which an error was thrown, where `withLayer` named one. */
export function layerOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as { [LAYER]?: string })[LAYER] : undefined;
}

/** Runs `body` and tells each layer's output, the inner layers first, in the order in which they are done. */
export function observeLayers<T>(observe: Observe, body: () => T): T {
  const outer = observer;
  observer = observe;
  try {
    return body();
  } finally {
    observer = outer;
  }
}
