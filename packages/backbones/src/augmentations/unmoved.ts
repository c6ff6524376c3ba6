import type { Affine } from '@kindred/core';

/** The map of an image that stays as it is. */
export const UNMOVED: Affine = [1, 0, 0, 0, 1, 0];
