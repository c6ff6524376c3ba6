import * as tf from '@tensorflow/tfjs-core';

import { KindredError } from '../errors/kindred-error.js';
import { hintFor, nearest } from '../plugin/nearest.js';
import { observeLayers } from '../tensor/layer-scope.js';

/** What is read of a head's output itself: its logits, or its embedding. */
export const OUTPUT_TAPS = ['logits', 'embedding'] as const;

export const isOutputTap = (tap: string): boolean => OUTPUT_TAPS.some((name) => name === tap);

export interface Tapped {
  readonly output: tf.Tensor;
  /** `[N, D]` each, by the layer's name. */
  readonly layers: Readonly<Record<string, tf.Tensor>>;
}

/**
 * Runs a head's forward pass and keeps what the named layers give.
 * @throws KINDRED_BRANCH_TAP if there is no such layer, or one whose output is no matrix
 */
export function withTaps(branch: string, taps: readonly string[], forward: () => tf.Tensor): Tapped {
  const wanted = taps.filter((tap) => !isOutputTap(tap));
  if (wanted.length === 0) return { output: forward(), layers: {} };
  const kept = new Map<string, tf.Tensor>();
  const seen: string[] = [];
  const output = observeLayers((path, tensor) => {
    const name = path.split('/').at(-1) as string;
    seen.push(name);
    // Kept: the network may tidy up what it does not return.
    if (wanted.includes(name) && !kept.has(name)) kept.set(name, tf.keep(tf.clone(tensor)));
  }, forward);
  const layers = Object.fromEntries(
    wanted.map((tap) => {
      const tensor = kept.get(tap);
      if (tensor?.rank !== 2) throw noTap(branch, tap, seen, tensor?.shape);
      return [tap, tf.clone(tensor)];
    }),
  );
  tf.dispose([...kept.values()]);
  return { output, layers };
}

function noTap(
  branch: string,
  tap: string,
  layers: readonly string[],
  shape: readonly number[] | undefined,
): KindredError {
  const others = [...new Set(layers)].filter((name) => name !== tap);
  return new KindredError('KINDRED_BRANCH_TAP', {
    message:
      `What is read of the branch '${branch}' must be a layer of its head that gives a row for each image. ` +
      (shape ? `"${tap}" gives the shape [${shape.join(', ')}].` : `There is no layer "${tap}".`),
    path: `${branch}.${tap}`,
    received: tap,
    hint: hintFor(
      nearest(tap, others),
      others,
      'Its layers have no names: give one with "hidden": [{ "units": 512, "name": "relevant" }].',
    ),
  });
}
