import type { KernelBackend } from '@tensorflow/tfjs-core';

/** What is used here of tfjs-node's native addon. */
export interface TensorflowBinding {
  /** libtensorflow's own version. */
  readonly TF_Version: string;
  isUsingGpuDevice(): boolean;
  /** Tensors that are alive in libtensorflow. */
  getNumOfTensors(): number;
}

/** tfjs-node's backend over its addon. */
export interface TensorflowBackend extends KernelBackend {
  readonly binding: TensorflowBinding;
}

/** `dist/nodejs_kernel_backend.js` of tfjs-node. */
export interface BackendModule {
  readonly NodeJSKernelBackend: new (binding: TensorflowBinding, packageName: string) => TensorflowBackend;
}
