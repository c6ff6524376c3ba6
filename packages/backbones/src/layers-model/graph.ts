import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/**
 * The activations on the way to `output`, each after all that it is computed from, `output` last. `start` comes first where it is given, and what
 * lies before it is left out.
 */
export function wayTo(output: SymbolicTensor, start?: SymbolicTensor): readonly SymbolicTensor[] {
  const way = new Set<SymbolicTensor>();
  const visit = (activation: SymbolicTensor): void => {
    if (way.has(activation)) return;
    if (activation !== start) for (const input of activation.inputs) visit(input);
    way.add(activation);
  };
  visit(output);
  return [...way];
}

/** The layers that compute a way's activations, each once. */
export function layersOf(way: readonly SymbolicTensor[]): readonly Layer[] {
  return [...new Set(way.map(({ sourceLayer }) => sourceLayer))];
}

/**
 * The last activation before `end` through which everything on the way passes: who knows it needs nothing that comes before it. In a
 * residual network that is the sum of a block, and never one of the two paths inside of it.
 */
export function lastPassage(way: readonly SymbolicTensor[], end: number): SymbolicTensor | undefined {
  const place = new Map(way.map((activation, i) => [activation, i]));
  // How far back the activations from each place on reach.
  let reach = way.length;
  let passage: SymbolicTensor | undefined;
  for (let i = way.length - 1; i >= 0; i--) {
    const activation = way[i] as SymbolicTensor;
    if (i < end && reach >= i) {
      passage = activation;
      break;
    }
    reach = Math.min(reach, ...activation.inputs.map((input) => place.get(input) ?? -1));
  }
  return passage;
}

/** Computes a way's last activation from the value of its first, by the layers' own `apply`. */
export function runAlong(way: readonly SymbolicTensor[], x: Tensor, options: { readonly training: boolean }): Tensor {
  const [start, ...rest] = way;
  const values = new Map(start ? [[start, x]] : []);
  for (const activation of rest) {
    const { sourceLayer, inputs, callArgs, outputTensorIndex } = activation;
    const given = inputs.map((input) => values.get(input) as Tensor);
    const [only] = given;
    const result = sourceLayer.apply(given.length === 1 && only ? only : given, { ...callArgs, ...options });
    values.set(activation, (Array.isArray(result) ? result[outputTensorIndex ?? 0] : result) as Tensor);
  }
  return values.get(way.at(-1) as SymbolicTensor) as Tensor;
}
