import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { activationParameters, quantize, roundHalfEven, WEIGHT_LIMIT, weightScale } from './parameters.js';

interface Channel {
  readonly weights: number[];
  readonly scale: number;
  readonly quantized: number[];
}
interface Fixture {
  readonly activations: { min: number; max: number; scale: number; zeroPoint: number }[];
  readonly weights8: Channel[];
  readonly weights7: Channel[];
}
/** Of onnxruntime's quantizer; see tools/fixtures/make_quantization.py. */
const fixture = JSON.parse(readFileSync(new URL('./fixtures/parameters.json', import.meta.url), 'utf8')) as Fixture;

describe("agrees with onnxruntime's own quantizer", () => {
  it.each(fixture.activations)('on the byte for reals from $min to $max', ({ min, max, scale, zeroPoint }) => {
    expect(activationParameters(min, max)).toEqual({ scale, zeroPoint });
  });

  it.each([8, 7] as const)('on weights of %i bits', (bits) => {
    for (const { weights, scale, quantized } of fixture[`weights${bits}`]) {
      const largest = Math.max(...weights.map(Math.abs));
      expect(weightScale(largest, bits, 0, 1)).toBe(scale);
      expect(weights.map((weight) => quantize(weight, scale, WEIGHT_LIMIT[bits]))).toEqual(quantized);
    }
  });
});

describe('a byte', () => {
  it.each([
    [0, 3],
    [-2, 5],
    [1, 4],
    [-9, -1],
  ])('says zero exactly, and %d to %d within half a step', (min, max) => {
    const { scale, zeroPoint } = activationParameters(min, max);
    expect(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint <= 255).toBe(true);
    for (const real of [min, max, (min + max) / 2]) {
      const byte = Math.min(255, Math.max(0, roundHalfEven(real / scale) + zeroPoint));
      // One step at the ends, where rounding the zero point moves the range by up to half a step.
      expect(Math.abs((byte - zeroPoint) * scale - real)).toBeLessThanOrEqual(scale * (1 + 1e-6));
    }
  });
});

describe("a channel's scale", () => {
  it('grows where its bias would leave an int32', () => {
    const scale = weightScale(1e-9, 8, 50, 0.01);
    expect(Math.abs(50 / (scale * 0.01))).toBeLessThan(2 ** 31);
  });

  it('is 1 where all weights and the bias are zero: dead channels divide by nothing', () => {
    expect(weightScale(0, 8, 0, 0.1)).toBe(1);
  });
});

it.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [-0.5, 0],
  [-1.5, -2],
  [0.49999999999999994, 0],
  [-126.7, -127],
])('roundHalfEven(%d) is %d', (value, expected) => expect(roundHalfEven(value)).toBeCloseTo(expected, 12));
