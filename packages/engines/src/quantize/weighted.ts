import type { Node, Value } from '../onnx/graph.js';

import { floatsOf } from './constants.js';
import type { Inputs } from './rewrite.js';

/** A convolution or matrix product with constant weights and bias. */
export interface Weighted {
  readonly input: Value;
  readonly kernel: Value;
  /** The axis of output channels in the weights. */
  readonly axis: 0 | 1;
  readonly channels: number;
  readonly bias: Float32Array | undefined;
}

/** A Conv, Gemm or product of two matrices as such, if its weights are constants. */
export function weighted({ op, attributes }: Node, [input, kernel, offset]: Inputs): Weighted | undefined {
  const bias = floatsOf(offset);
  if (!input || kernel?.source.kind !== 'constant' || kernel.type !== 'float32' || (offset && !bias)) return undefined;
  const is = (name: string, value: number) => {
    const attribute = attributes[name];
    return attribute !== undefined && 'int' in attribute && attribute.int === value;
  };
  const of = (axis: 0 | 1) => ({ input, kernel, axis, channels: kernel.shape[axis] ?? 0, bias });
  if (op === 'Conv') return of(0);
  if (input.shape.length !== 2 || kernel.shape.length !== 2) return undefined;
  if (op === 'MatMul') return of(1);
  if (op !== 'Gemm' || is('transA', 1)) return undefined;
  const layer = of(is('transB', 1) ? 0 : 1);
  // The bias of a Gemm may be any array that broadcasts.
  return !bias || bias.length === layer.channels ? layer : undefined;
}

/** Calls `visit` with each weight, its index and its output channel. A loop: ResNet-50 has 25 million weights. */
export function forEachWeight(layer: Weighted, visit: (weight: number, i: number, channel: number) => void): void {
  const weights = floatsOf(layer.kernel) ?? new Float32Array();
  const { axis, channels } = layer;
  const block = axis === 0 ? weights.length / channels : 1;
  for (let i = 0; i < weights.length; i++) visit(weights[i] as number, i, Math.floor(i / block) % channels);
}
