import type { Node, Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';

import { sizeOf } from './constants.js';
import { quantize, weightScale, WEIGHT_LIMIT, type WeightBits } from './parameters.js';
import { forEachWeight, type Weighted } from './weighted.js';

const INT32_MAX = 2 ** 31 - 1;

/**
 * A convolution or matrix product with int8 weights, one scale an output channel, and an int32 bias in units of the products:
 * `scale = input scale * weight scale`.
 */
export function quantizedLayer(
  node: Node,
  layer: Weighted,
  inputScale: number,
  bits: WeightBits,
  emit: Emitter,
): Value {
  const { input, axis, channels, bias } = layer;
  const { shape } = layer.kernel;
  const scales = weightScales(layer, bits, inputScale);
  const limit = WEIGHT_LIMIT[bits];
  const bytes = new Int8Array(sizeOf(layer.kernel));
  forEachWeight(layer, (weight, i, channel) => (bytes[i] = quantize(weight, scales[channel] as number, limit)));
  const along = { attributes: { axis: { int: axis } } };
  const weights = emit.node(
    'DequantizeLinear',
    [
      emit.dense(bytes, 'int8', shape),
      emit.dense(scales, 'float32', [channels]),
      emit.dense(new Int8Array(channels), 'int8', [channels]),
    ],
    { type: 'float32', shape },
    along,
  );
  const inputs = [input, weights];
  if (bias) inputs.push(quantizedBias(bias, scales, inputScale, emit));
  const output = node.outputs[0] as Value;
  return emit.node(node.op === 'MatMul' ? 'Gemm' : node.op, inputs, output, { attributes: node.attributes });
}

function weightScales(layer: Weighted, bits: WeightBits, inputScale: number): Float32Array {
  const { channels, bias } = layer;
  const largest = new Float64Array(channels);
  forEachWeight(layer, (weight, _, channel) => {
    if (Math.abs(weight) > (largest[channel] as number)) largest[channel] = Math.abs(weight);
  });
  return Float32Array.from(largest, (limit, c) => weightScale(limit, bits, bias?.[c] ?? 0, inputScale));
}

function quantizedBias(bias: Float32Array, scales: Float32Array, inputScale: number, emit: Emitter): Value {
  const units = scales.map((scale) => scale * inputScale);
  const whole = Int32Array.from(bias, (value, c) => quantize(value, units[c] ?? 1, INT32_MAX));
  const inputs = [emit.dense(whole, 'int32', [bias.length]), emit.dense(units, 'float32', [bias.length])];
  return emit.node(
    'DequantizeLinear',
    inputs,
    { type: 'float32', shape: [bias.length] },
    { attributes: { axis: { int: 0 } } },
  );
}
