import type { Node, Value } from '../onnx/graph.js';

import { floatsOf, sizeOf } from './constants.js';
import type { Inputs } from './rewrite.js';

/** `y[c] = x[c] * scale[c] + offset[c]` for each channel c. */
export interface ChannelAffine {
  /** The input that is mapped. */
  readonly input: Value;
  readonly scale: Float64Array;
  readonly offset: Float64Array;
}

/**
 * A node as a constant affine map of channels, if it is one: batch normalisation as one operator, or as the products and
 * sums that it is made of.
 * @param axis Where the channels are.
 */
export function channelAffine(node: Node, inputs: Inputs, axis: number): ChannelAffine | undefined {
  return node.op === 'BatchNormalization' ? normalization(node, inputs) : arithmetic(node, inputs, axis);
}

function normalization(node: Node, [input, ...statistics]: Inputs): ChannelAffine | undefined {
  const [gain, bias, mean, variance] = statistics.map(floatsOf);
  const { epsilon } = node.attributes;
  if (!input || !gain || !bias || !mean || !variance || !epsilon || !('float' in epsilon)) return undefined;
  const scale = Float64Array.from(gain, (g, c) => g / Math.sqrt((variance[c] ?? 0) + epsilon.float));
  const offset = Float64Array.from(bias, (b, c) => b - (mean[c] ?? 0) * (scale[c] ?? 0));
  return { input, scale, offset };
}

function arithmetic({ op }: Node, [a, b]: Inputs, axis: number): ChannelAffine | undefined {
  const left = floatsOf(a) !== undefined;
  const [input, constant] = left ? [b, a] : [a, b];
  if (!input || !constant) return undefined;
  const values = perChannel(constant, input, axis);
  if (!values) return undefined;
  const filled = (value: number) => new Float64Array(values.length).fill(value);
  switch (op) {
    case 'Mul':
      return { input, scale: values, offset: filled(0) };
    case 'Div':
      return left ? undefined : { input, scale: values.map((v) => 1 / v), offset: filled(0) };
    case 'Add':
      return { input, scale: filled(1), offset: values };
    case 'Sub':
      return left
        ? { input, scale: filled(-1), offset: values }
        : { input, scale: filled(1), offset: values.map((v) => -v) };
    default:
      return undefined;
  }
}

/** The constant's value for each channel; undefined if it differs inside of a channel. */
function perChannel(constant: Value, { shape }: Value, axis: number): Float64Array | undefined {
  const values = floatsOf(constant);
  const channels = shape[axis] ?? 0;
  if (!values || constant.shape.length > shape.length) return undefined;
  if (values.length === 1) return new Float64Array(channels).fill(values[0] ?? 0);
  const place = axis - (shape.length - constant.shape.length);
  return sizeOf(constant) === channels && constant.shape[place] === channels ? Float64Array.from(values) : undefined;
}
