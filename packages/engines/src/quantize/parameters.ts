/**
 * The affine map between real numbers and bytes, `real = scale * (byte - zeroPoint)`, as the QuantizeLinear operator of ONNX
 * means it, and the choice of its numbers as in Jacob et al. 2018, arXiv:1712.05877.
 */
export interface QuantizationParameters {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Bits of a weight. 7 keep sums of two products inside of 16 bits, where processors without VNNI clip them. */
export type WeightBits = 7 | 8;

/** The largest magnitude of a weight. The range is symmetric: the zero point is 0. */
export const WEIGHT_LIMIT: Readonly<Record<WeightBits, number>> = { 7: 64, 8: 127 };

const BYTE = 255;
/** Below it a scale's reciprocal is no float32. */
const TINY = 2 ** -126;
/** Half of an int32, so that the sums of products that are added to a bias have room beside it. */
const BIAS_LIMIT = 2 ** 30;

/** A byte's scale and zero point for reals in [min, max]. Zero is always exact: padding and ReLU need it. */
export function activationParameters(min: number, max: number): QuantizationParameters {
  const low = Math.min(min, 0);
  const high = Math.max(max, 0);
  const scale = (high - low) / BYTE;
  if (scale < TINY) return { scale: 1, zeroPoint: 0 };
  return { scale: Math.fround(scale), zeroPoint: roundHalfEven(-low / scale) };
}

/**
 * The scale of one output channel: its largest weight becomes the limit, unless its bias would not fit into an int32 then.
 * @param largest The largest magnitude of the channel's weights.
 * @param inputScale The scale of what the weights are multiplied with.
 */
export function weightScale(largest: number, bits: WeightBits, bias: number, inputScale: number): number {
  const scale = Math.max(largest / WEIGHT_LIMIT[bits], Math.abs(bias) / inputScale / BIAS_LIMIT);
  return scale < TINY ? 1 : Math.fround(scale);
}

/** The integer for a real; out of [-limit, limit] it is clipped. */
export function quantize(value: number, scale: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, roundHalfEven(value / scale)));
}

/** In sums with it, doubles have no bits left for fractions: the processor rounds them, halves to the even neighbour. */
const WHOLE = 1.5 * 2 ** 52;

/** Rounding as in IEEE 754, NumPy and QuantizeLinear: halves go to the even neighbour. For magnitudes below 2^51. */
export const roundHalfEven = (value: number): number => value + WHOLE - WHOLE;
