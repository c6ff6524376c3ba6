import type { z } from 'zod';

import type { dropoutOptions } from './layer-options.js';
import type { Layer, Place } from './layer.js';

/** Sets a share of the values to zero in training (Srivastava et al. 2014); the engine draws which. */
export function dropout({ dropout: rate }: z.output<typeof dropoutOptions>, { inputShape }: Place): Layer {
  return {
    outputShape: inputShape,
    forward: (_weights, x, mode) => mode.dropout(x, rate),
  };
}
