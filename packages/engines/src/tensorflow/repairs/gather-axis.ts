import type { Tensor } from '@tensorflow/tfjs-core';

import type { Repair } from './repair.js';

/** tfjs-node checks indices against the length of an axis before it counts negative ones from the back. */
export const gatherAxis: Repair = {
  kernels: ['GatherV2'],
  mend: (own) => (params) => {
    const { axis } = params.attrs as { axis: number };
    const rank = (params.inputs as { x: Tensor }).x.shape.length;
    return own({ ...params, attrs: { ...params.attrs, axis: axis < 0 ? axis + rank : axis } });
  },
};
