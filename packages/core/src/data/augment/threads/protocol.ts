import type { ComponentReference, ImageSpec } from '../../../plugin/contract.js';

import type { WireError } from './wire-error.js';

/** What a worker is started with. */
export interface Setup {
  /** Modules whose default exports are the plugins of `references`. */
  readonly modules: readonly string[];
  readonly references: readonly ComponentReference[];
  readonly spec: ImageSpec;
  readonly limitInputPixels: number;
}

/** One encoded image; its bytes are moved. */
export interface Job {
  readonly bytes: Uint8Array;
  /** What all that is drawn for the image follows from. */
  readonly seed: number;
  readonly location: string;
}

export interface Message {
  readonly id: number;
  readonly job: Job;
}

/** Pixels, moved, of the shape that the setup says; or why there are none. */
export type Reply = { readonly id: number } & (
  { readonly pixels: Uint8Array } | { readonly failure: WireError } | { readonly bug: Error }
);
