import type { Logger, Progress } from '@kindred/core';

export interface InstallOptions {
  /** A TensorFlow wheel, or a folder with its libraries and headers. Left out: the package's own installer. */
  readonly from?: string | undefined;
  /** Take `@tensorflow/tfjs-node-gpu` instead of `@tensorflow/tfjs-node`. A wheel or folder decides by itself. */
  readonly gpu?: boolean | undefined;
  /** The installation goes to `engines/tensorflow` in it. */
  readonly cacheDir: string;
  readonly log: Logger;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}
