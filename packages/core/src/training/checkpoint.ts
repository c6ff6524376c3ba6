import { KindredError } from '../errors/kindred-error.js';
import type { NdArrays } from '../tensor/nd-array.js';

import type { TrainingCheckpoint } from './task.js';

/**
 * Makes sure that a checkpoint's variables are those of the network to be trained.
 * @throws KINDRED_CHECKPOINT_INVALID naming the first that differs
 */
export function requireSameShapes(task: string, { variables }: TrainingCheckpoint, expected: NdArrays): void {
  const names = new Set([...Object.keys(expected), ...Object.keys(variables)]);
  for (const name of names) {
    const [own, other] = [textOf(expected[name]), textOf(variables[name])];
    if (own === other) continue;
    throw new KindredError('KINDRED_CHECKPOINT_INVALID', {
      message: `The checkpoint of '${task}' must hold the variables of the network that is trained. '${name}' must be ${own}; it is ${other}.`,
      received: variables[name]?.shape,
      hint: 'A component has changed since it was written: train without --resume.',
    });
  }
}

function textOf(array: NdArrays[string] | undefined): string {
  return array ? `${array.dtype} [${array.shape.join(', ')}]` : 'absent';
}
