import type { Graph, Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';

import { channelAffine, type ChannelAffine } from './channel-affine.js';
import { sizeOf } from './constants.js';
import { countUses, madeBy, rewrite } from './rewrite.js';
import { forEachWeight, weighted } from './weighted.js';

/**
 * Puts batch normalisation, and any constant scaling and shift of channels, into the weights and bias of the convolution or
 * matrix product before it, where nothing else reads that one's result.
 */
export function foldAffine(graph: Graph): Graph {
  const uses = countUses(graph);
  return rewrite(graph, (node, inputs, emit) => {
    const place = inputs.findIndex((input) => madeBy(input, 'Conv', 'Gemm', 'MatMul'));
    const [before, after] = [node.inputs[place], inputs[place]];
    if (!before || !after || uses.get(before) !== 1) return undefined;
    const affine = channelAffine(node, inputs, 1);
    const shape = node.outputs[0]?.shape;
    // A constant that broadcasts the result to a larger shape is no map of channels.
    if (affine?.input !== after || shape?.join() !== after.shape.join()) return undefined;
    const folded = fold(after, affine, emit);
    return folded && [folded];
  });
}

/** The convolution that made `value`, with the map put into it. */
function fold(value: Value, { scale, offset }: ChannelAffine, emit: Emitter): Value | undefined {
  const node = madeBy(value, 'Conv', 'Gemm', 'MatMul');
  const layer = node && weighted(node, node.inputs);
  if (!layer) return undefined;
  const weights = new Float32Array(sizeOf(layer.kernel));
  forEachWeight(layer, (weight, i, channel) => (weights[i] = weight * (scale[channel] as number)));
  const bias = Float32Array.from(offset, (shift, c) => (layer.bias?.[c] ?? 0) * (scale[c] ?? 1) + shift);
  const inputs = [
    layer.input,
    emit.dense(weights, 'float32', layer.kernel.shape),
    emit.dense(bias, 'float32', [layer.channels]),
  ];
  return emit.node(node.op === 'MatMul' ? 'Gemm' : node.op, inputs, value, { attributes: node.attributes });
}
