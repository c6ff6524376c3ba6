import type { Random } from '@kindred/core';
import { z } from 'zod';

const UNORDERED = 'must begin with the smaller of its two numbers';
const ordered = ([low, high]: readonly [number, number]): boolean => low <= high;

/** Two numbers from `min` to `max`, the smaller first. */
export const rangeOf = (min: number, max: number) => {
  const end = z.number().min(min).max(max);
  return z.tuple([end, end]).refine(ordered, { message: UNORDERED });
};

/** How many of the images are changed at all. */
export const probability = (share: number) =>
  z.number().min(0).max(1).default(share).describe('The share of images that are changed.');

/** torchvision's way to write an angle: a number stands for both directions. */
export const degrees = (limit: number, by: number) =>
  z.union([z.number().min(0).max(limit), rangeOf(-limit, limit)]).default(by);

/** torchvision's and Keras' way to write a factor: a number `d` stands for `1 - d` to `1 + d`. */
export const factor = (min: number, by: number) =>
  z
    .union([
      z
        .number()
        .min(0)
        .max(1 - min),
      rangeOf(min, 100),
    ])
    .default(by);

type Range = number | readonly [number, number];

/** Whether an image is one of those that are changed. */
export const happens = (random: Random, share: number): boolean => random.next() < share;

export function uniform(random: Random, [low, high]: readonly [number, number]): number {
  return low + (high - low) * random.next();
}

/** Uniform in `-d..d` or in the given range, in radians. */
export function drawAngle(random: Random, range: Range): number {
  return (uniform(random, typeof range === 'number' ? [-range, range] : range) * Math.PI) / 180;
}

/** Uniform in `1 - d..1 + d` or in the given range. */
export function drawFactor(random: Random, range: Range): number {
  return uniform(random, typeof range === 'number' ? [1 - range, 1 + range] : range);
}
