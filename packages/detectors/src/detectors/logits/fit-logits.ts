import { type Context, type Fitted, KindredError, type NdArray } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';

import { requireFeatures } from '../../features/require-features.js';
import { boundaryOf } from '../boundary/contamination.js';

/** What such a detector knows: how many logits there are, and the score that a share `contamination` of the training images lies below. */
export interface LogitsFit {
  readonly labels: number;
  readonly boundary: number;
}

/**
 * Scores the training logits `[N, L]` by a given formula, for the boundary alone.
 * @throws KINDRED_FEATURES_INVALID for logits that are not finite, and fewer than `atLeast` of them
 */
export async function fitLogits(
  name: string,
  x: NdArray<'float32'>,
  { atLeast, contamination }: { readonly atLeast: number; readonly contamination: number },
  scoresOf: (x: Tensor) => Tensor,
  ctx: Context,
): Promise<Fitted<LogitsFit>> {
  const [, labels] = requireFeatures(name, x);
  if (labels < atLeast) {
    throw new KindredError('KINDRED_FEATURES_INVALID', {
      message: `Logits for ${name} with "labels": "exclusive" must be of at least ${atLeast} labels. Got ${labels}.`,
      received: labels,
      hint: 'Set "labels" to "independent": of one label alone the softmax is always 1.',
    });
  }
  const executable = await ctx.engine.compile({ name, run: ({ inputs }) => ({ scores: scoresOf(inputs['x']!) }) });
  try {
    const { scores } = await executable.run({ x }, { signal: ctx.signal });
    return { tensors: {}, json: { labels, boundary: boundaryOf(scores!.data, contamination) } };
  } finally {
    await executable.dispose();
  }
}
