import * as tf from '@tensorflow/tfjs-core';
import { KindredError, type NamedTensors } from '@kindred/core';

/** What a compiled function may return: a tensor, several in a list or by name, or nothing. */
export type Outputs = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>> | null | void;

/** The tensors of `outputs` by name. @throws KINDRED_ENGINE_COMPILE if there is anything else among them. */
export function named(outputs: unknown, name: string): NamedTensors {
  if (outputs === null || outputs === undefined) return {};
  const tensors: Record<string, unknown> = outputs instanceof tf.Tensor ? { y: outputs } : { ...outputs };
  const valid = typeof outputs === 'object' && !(outputs instanceof Promise);
  if (valid && Object.values(tensors).every((tensor) => tensor instanceof tf.Tensor)) return tensors as NamedTensors;
  throw new KindredError('KINDRED_ENGINE_COMPILE', {
    message: `The function ${name} must return a tensor, several of them in a list or an object, or nothing. Got ${describe(outputs)}.`,
    hint: 'Return tensors, and not as a promise: a compiled function is not asynchronous inside.',
  });
}

/** Puts tensors into the form in which `like` held those of their names. */
export function shapedLike<R>(like: R, tensors: NamedTensors): R {
  if (like === null || like === undefined) return like;
  if (like instanceof tf.Tensor) return tensors['y'] as R;
  return (Array.isArray(like) ? like.map((_, i) => tensors[i]) : tensors) as R;
}

function describe(value: unknown): string {
  if (value instanceof Promise) return 'a promise';
  return typeof value === 'object' && value ? `an object of ${Object.keys(value).join(', ')}` : `a ${typeof value}`;
}
