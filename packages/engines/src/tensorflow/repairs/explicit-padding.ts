import type { NamedAttrMap } from '@tensorflow/tfjs-core';

import type { Repair } from './repair.js';

/** tfjs-node knows the paddings `valid` and `same` alone. Layers have no others; the rare program that has is computed on the host. */
export const explicitPadding: Repair = {
  kernels: [
    'Conv2D',
    'Conv2DBackpropFilter',
    'Conv2DBackpropInput',
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropFilter',
    'DepthwiseConv2dNativeBackpropInput',
    'MaxPool',
    'MaxPoolGrad',
    'AvgPool',
    'AvgPoolGrad',
  ],
  mend: (own, host) => (params) => (isExplicit(params.attrs) ? host : own)(params),
};

function isExplicit(attrs: NamedAttrMap | undefined): boolean {
  const pad = attrs?.['pad'];
  return typeof pad === 'number' ? pad !== 0 : Array.isArray(pad);
}
