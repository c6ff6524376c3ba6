import { isKindredError, KindredError } from '@kindred/core';
import type { SavedTraining } from '@kindred/core/host';

import { EXIT } from './app.js';
import { exitCodeOf } from './explain.js';

/**
 * The error that ended a training run, with what of the run is saved and how to go on from it.
 * @param command the command line that goes on
 */
export function withWayOn(error: unknown, saved: SavedTraining | undefined, command: string): unknown {
  if (!isKindredError(error)) return error;
  const { code, message, hint, path, received, issues } = error;
  const goOn = `Go on with: ${command}`;
  if (code === 'KINDRED_ABORTED') {
    if (!saved) return new KindredError(code, { message: NOTHING_SAVED });
    return new KindredError(code, { message: `Stopped. Training is saved as of ${placeOf(saved)}.`, hint: goOn });
  }
  // A mistake in the manifest has to be put right first, and training that diverged would do so again.
  if (!saved || exitCodeOf(error) !== EXIT.failed || code === 'KINDRED_TRAIN_NAN') return error;
  const what = `Training is saved as of ${placeOf(saved)}. ${goOn}`;
  return new KindredError(code, {
    ...{ message, received, issues, cause: error.cause, hint: hint === undefined ? what : `${hint} ${what}` },
    ...(path !== undefined && { path }),
  });
}

const NOTHING_SAVED = 'Stopped. Nothing of this run is saved: no epoch of training had ended.';

const placeOf = ({ task, epoch, epochs }: SavedTraining): string => `epoch ${epoch} of ${epochs} of '${task}'`;
