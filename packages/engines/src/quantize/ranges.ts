import type { NdArray, NdArrays } from '@kindred/core';

import { calibrationError } from './calibration.js';

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The smallest and largest number that each of several values had on any image. */
export class Ranges {
  #ranges: Range[] = [];

  /** @param extremes `minimum` and `maximum`, float32 `[values, N]`. */
  add(extremes: NdArrays): void {
    const rows = (array: NdArray | undefined) => {
      const [values = 0, images = 0] = array?.shape ?? [];
      return Array.from({ length: values }, (_, row) => array?.data.subarray(row * images, (row + 1) * images) ?? []);
    };
    const maxima = rows(extremes['maximum']);
    this.#ranges = rows(extremes['minimum']).map((minima, i) => ({
      min: Math.min(this.#ranges[i]?.min ?? Infinity, ...minima),
      max: Math.max(this.#ranges[i]?.max ?? -Infinity, ...(maxima[i] ?? [])),
    }));
  }

  /** @throws KINDRED_ENGINE_CALIBRATION if there were no images, or values that are not finite */
  all(): readonly Range[] {
    if (this.#ranges.length === 0) throw calibrationError('come from at least one image and one value. Got none');
    const bad = this.#ranges.find(({ min, max }) => !Number.isFinite(min) || !Number.isFinite(max));
    if (bad) throw calibrationError(`come from finite values. Got the range ${bad.min} to ${bad.max}`);
    return this.#ranges;
  }
}
