import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** What is used here of tfjs-node's native addon. */
export interface TensorflowBinding {
  /** libtensorflow's own version. */
  readonly TF_Version: string;
  isUsingGpuDevice(): boolean;
  /** Tensors that are alive in libtensorflow. */
  getNumOfTensors(): number;
  // Codes of types, and of types of attributes.
  readonly TF_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
}

/** An attribute of a TensorFlow op. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

/** tfjs-node's backend over its addon. */
export interface TensorflowBackend extends KernelBackend {
  readonly binding: TensorflowBinding;
  /** Runs a TensorFlow op that has one result. */
  executeSingleOutput(op: string, attributes: readonly OpAttribute[], inputs: readonly TensorInfo[]): Tensor;
}

/** `dist/nodejs_kernel_backend.js` of tfjs-node. */
export interface BackendModule {
  readonly NodeJSKernelBackend: new (binding: TensorflowBinding, packageName: string) => TensorflowBackend;
}
