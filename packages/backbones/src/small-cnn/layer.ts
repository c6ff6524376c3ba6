import type { Mode, NamedTensors, Random, Weights } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Shape of one image's activations: `[H, W, C]`, or `[D]` once they are flat. */
export type Shape = readonly number[];

/** One layer, with the shape it gets known. */
export interface Layer {
  readonly outputShape: Shape;
  /** Its own weights by their names in the network; drawn from `random`, a stream for this layer alone. */
  init?(random: Random): Weights;
  forward(weights: NamedTensors, x: Tensor, mode: Mode): Tensor;
}

/** What a layer's maker gets: the name its weights start with, and the shape of what comes in. */
export interface Place {
  readonly name: string;
  readonly inputShape: Shape;
  /** Refuses the layer here: what must hold, and what to do. */
  readonly refuse: (problem: string, hint: string) => never;
}
