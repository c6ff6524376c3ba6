import type { KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

import type { TensorflowBackend } from '../backend-module.js';

import type { Repair } from './repair.js';

interface Params {
  readonly inputs: { readonly images: Tensor; readonly dy: Tensor };
  readonly attrs: { readonly alignCorners: boolean; readonly halfPixelCenters: boolean };
  readonly backend: TensorflowBackend;
}

/** tfjs-node does not tell libtensorflow that pixels were sampled at their centres: gradients would go to their neighbours. */
export const resizeGradients: Repair = {
  kernels: ['ResizeBilinearGrad', 'ResizeNearestNeighborGrad'],
  mend: (own, _, kernel) => (params) => {
    const { inputs, attrs, backend } = params as unknown as Params;
    return attrs.halfPixelCenters ? gradient(kernel, inputs, backend) : own(params);
  },
};

function gradient(
  kernel: string,
  { images, dy }: Params['inputs'],
  backend: TensorflowBackend,
): ReturnType<KernelFunc> {
  const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = backend.binding;
  const attributes = [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'align_corners', type: TF_ATTR_BOOL, value: false },
    { name: 'half_pixel_centers', type: TF_ATTR_BOOL, value: true },
  ];
  if (kernel === 'ResizeBilinearGrad') return backend.executeSingleOutput(kernel, attributes, [dy, images]);
  const [, height = 0, width = 0] = images.shape;
  const size: TensorInfo = {
    dataId: backend.write(Int32Array.of(height, width), [2], 'int32'),
    shape: [2],
    dtype: 'int32',
  };
  try {
    return backend.executeSingleOutput(kernel, attributes, [dy, size]);
  } finally {
    backend.disposeData(size.dataId);
  }
}
