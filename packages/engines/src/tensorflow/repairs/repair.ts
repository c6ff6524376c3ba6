import type { KernelFunc } from '@tensorflow/tfjs-core';

/** Kernels of tfjs-node that are wrong or refuse in some cases, and what computes those cases right. */
export interface Repair {
  readonly kernels: readonly string[];
  /** `own` is tfjs-node's kernel, `host` that of tfjs' plain JavaScript backend, on copies. */
  mend(own: KernelFunc, host: KernelFunc, kernel: string): KernelFunc;
}
