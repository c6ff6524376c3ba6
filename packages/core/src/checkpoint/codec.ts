import { createHash } from 'node:crypto';

import { z } from 'zod';

import { KindredError } from '../errors/kindred-error.js';
import type { NdArrays } from '../tensor/nd-array.js';
import { decodeSafetensors, encodeSafetensors } from '../tensor/safetensors.js';
import { addScope, takeScope } from '../training/scope.js';
import { weightsOf } from '../training/step.js';
import type { EpochWeights, TrainingCheckpoint } from '../training/task.js';

import type { RunIdentity } from './identity.js';

/** The version of the format. */
const FORMAT = 1;

/** Keys of the file's text. */
const CONTENT = 'checkpoint';
const HASH = 'sha256';

const finite = z.number();
const epoch = z.int().min(0);
const contentSchema = z.strictObject({
  format: z.literal(FORMAT),
  task: z.string(),
  epochs: z.int().min(1),
  run: z.strictObject({
    kindred: z.string(),
    engine: z.record(z.string(), z.string()),
    manifest: z.record(z.string(), z.unknown()),
    backbone: z.string(),
    data: z.string(),
  }),
  history: z
    .array(
      z.strictObject({
        epoch,
        loss: finite,
        gradientNorm: finite,
        learningRate: finite,
        validationLoss: finite.optional(),
      }),
    )
    .min(1),
  chosen: epoch,
  good: epoch.optional(),
});

/** A task's checkpoint, and what it is of. */
export interface KeptTask {
  readonly task: string;
  /** How many there are to be at most. */
  readonly epochs: number;
  readonly run: RunIdentity;
  readonly checkpoint: TrainingCheckpoint;
}

/** A file in the safetensors format: variables, weights that are kept beside them, and the rest as text, all under one hash. */
export function encodeCheckpoint({ task, epochs, run, checkpoint }: KeptTask): Uint8Array {
  const { variables, history, chosen, good } = checkpoint;
  const arrays = {
    ...addScope('variables', variables),
    // Those of the last epoch are among the variables.
    ...(chosen.epoch !== history.length && addScope('chosen', chosen.weights)),
    ...(good && addScope('good', good.weights)),
  };
  const content: z.input<typeof contentSchema> = {
    format: FORMAT,
    task,
    epochs,
    run: { ...run, manifest: run.manifest as Record<string, unknown> },
    history: [...history],
    chosen: chosen.epoch,
    ...(good && { good: good.epoch }),
  };
  const text = JSON.stringify(content);
  return encodeSafetensors(arrays, { [CONTENT]: text, [HASH]: hashOf(arrays, text) });
}

/** @throws KINDRED_CHECKPOINT_INVALID unless the file is whole, as it was written */
export function decodeCheckpoint(bytes: Uint8Array, file: string): KeptTask {
  try {
    const { arrays, metadata } = decodeSafetensors(bytes, file);
    const text = metadata[CONTENT] ?? '';
    if (metadata[HASH] !== hashOf(arrays, text)) throw new Error('its hash is not that of its content');
    const { task, epochs, run, history, chosen, good } = contentSchema.parse(JSON.parse(text));
    const variables = takeScope('variables', arrays);
    const weights = (scope: string, of: number): EpochWeights => ({ epoch: of, weights: takeScope(scope, arrays) });
    const last = chosen === history.length;
    const checkpoint: TrainingCheckpoint = {
      variables,
      history: history.map(({ validationLoss, ...record }) =>
        validationLoss === undefined ? record : { ...record, validationLoss },
      ),
      chosen: last ? { epoch: chosen, weights: weightsOf(variables) } : weights('chosen', chosen),
      ...(good !== undefined && { good: weights('good', good) }),
    };
    return { task, epochs, run, checkpoint };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new KindredError('KINDRED_CHECKPOINT_INVALID', {
      message: `The checkpoint ${file} must be whole, as it was written: ${problem}`,
      path: file,
      hint: 'Train without --resume, which begins anew.',
      cause,
    });
  }
}

function hashOf(arrays: NdArrays, text: string): string {
  const hash = createHash('sha256').update(text);
  for (const name of Object.keys(arrays).sort()) {
    const { dtype, shape, data } = arrays[name] as NdArrays[string];
    hash.update(JSON.stringify([name, dtype, shape])).update(data);
  }
  return hash.digest('hex');
}
