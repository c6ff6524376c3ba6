import type { z } from 'zod';

import type { Context } from '../context/context.js';
import type { Random } from '../context/random.js';
import type { NdArray } from '../tensor/nd-array.js';

import type { ComponentInfo } from './component-info.js';

/** One image with its id and its labels. */
export interface Sample {
  /** Unique in the dataset; shown in messages and results. */
  readonly id: string;
  /** Names out of the dataset's `labels`; may be empty. */
  readonly labels: readonly string[];
  /** Where a person finds the image: a path, an address. */
  readonly location: string;
  /** The encoded image (JPEG, PNG, WebP, ...). Called at most once a pass; rejects if it cannot be read. */
  read(): Promise<Uint8Array>;
}

export interface LoadedDataset {
  /** All labels in their lasting order: column `j` of every `[N, L]` matrix is `labels[j]`. */
  readonly labels: readonly string[];
  readonly samples: readonly Sample[];
}

export interface Dataset<Schema extends z.ZodType = z.ZodType> extends ComponentInfo<'dataset', Schema> {
  /** Lists the samples. Relative paths in `options` start at `ctx.baseDir`. Must not decode images. */
  load(options: z.output<Schema>, ctx: Context): Promise<LoadedDataset>;
}

/** How a decoded image must look before a backbone's program gets it: uint8 `[height, width, channels]`, RGB or grey. */
export interface ImageSpec {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** `stretch` ignores the aspect ratio, `cover` crops the middle, `contain` pads with black. */
  readonly resize: 'stretch' | 'cover' | 'contain';
}

/**
 * Where each pixel of a changed image comes from: the point (x, y) of it shows what was at `(a x + b y + c, d x + e y + f)`. In pixels, from
 * the image's middle, x to the right and y down.
 */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** A batch of training images with their targets. */
export interface ImageBatchData {
  /** uint8 `[B, H, W, C]`. */
  readonly images: NdArray<'uint8'>;
  /** float32 `[B, L]`, in [0, 1]. */
  readonly targets: NdArray<'float32'>;
}

/**
 * Changes training images, and them alone, anew in every epoch. It has exactly one of `geometry`, `apply` and `mix`. They must be pure
 * functions of what they are given: they may run in worker threads, and the same seed gives the same images.
 */
export interface Augmentation<Schema extends z.ZodType = z.ZodType> extends ComponentInfo<'augmentation', Schema> {
  /** Moves pixels. Those that follow one another become one map, so that an image is resampled once; what comes from outside shows the nearest edge. */
  geometry?(
    options: z.output<Schema>,
    size: { readonly width: number; readonly height: number },
    random: Random,
  ): Affine;
  /** Returns a changed copy of one image, uint8 `[height, width, channels]`, of the same shape. */
  apply?(options: z.output<Schema>, image: NdArray<'uint8'>, random: Random): NdArray<'uint8'>;
  /** Changes a batch after its images were changed one by one; targets may become shares. Refused where a head relates rows to each other. */
  mix?(options: z.output<Schema>, batch: ImageBatchData, random: Random): ImageBatchData;
}
