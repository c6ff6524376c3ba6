import type { Tensor } from '@tensorflow/tfjs-core';

import type { Scope } from '../container/scope.js';
import { ENGINE, HOST } from '../container/tokens.js';
import { checkFeatures } from '../features/check-features.js';
import { TaskWindow } from '../features/task-window.js';
import type { BackboneModel } from '../plugin/contract.js';
import { float32, type NdArray, type NdArrays } from '../tensor/nd-array.js';
import { inferenceMode } from '../training/mode.js';

import { IMAGE_BATCH } from './backbone.js';
import type { StoredStem } from './stored-stem.js';

/**
 * The features `[hashes.length, D]` of images whose stem's output was stored: only what was trained is run.
 * @param weights Those of the backbone's network after training.
 * @throws KINDRED_STORE_UNAVAILABLE; KINDRED_PLUGIN_RESULT for features that are not finite; KINDRED_ENGINE_*
 */
export async function featuresOfStored(
  scope: Scope,
  { network, features: length }: BackboneModel,
  weights: NdArrays,
  { stored, hashes }: { readonly stored: StoredStem; readonly hashes: readonly string[] },
): Promise<NdArray<'float32'>> {
  const engine = await scope.resolve(ENGINE);
  const { progress, signal } = scope.resolve(HOST);
  const features = float32([hashes.length, length]);
  const executable = await engine.compile({
    name: 'backbone',
    constants: weights,
    run: ({ inputs, constants }) => ({ features: network.forward(constants, inputs['x'] as Tensor, inferenceMode) }),
  });
  const step = progress.start({ name: 'computing features', total: hashes.length, unit: 'images' });
  const window = new TaskWindow(engine.concurrency + 1);
  const compute = async (start: number) => {
    const own = hashes.slice(start, start + IMAGE_BATCH);
    // The last batch is filled up, so that one shape is compiled.
    const rows = Array.from({ length: Math.min(IMAGE_BATCH, hashes.length) }, (_, i) => own[i] ?? (own[0] as string));
    const outputs = await executable.run({ x: await stored.read(rows) }, { signal });
    const shape = { rows: rows.length, used: own.length, length };
    const { data } = checkFeatures(outputs, shape, (row) => `the image ${own[row]?.slice(0, 12)}`);
    features.data.set(data.subarray(0, own.length * length), start * length);
    step.advance(own.length);
  };
  try {
    for (let start = 0; start < hashes.length; start += IMAGE_BATCH) {
      signal.throwIfAborted();
      await window.add(() => compute(start));
    }
    await window.drain();
    return features;
  } finally {
    await window.settle();
    step.end();
    await executable.dispose();
  }
}
