import * as tf from '@tensorflow/tfjs-core';

const READERS = ['dataSync', 'arraySync', 'data', 'array', 'bytes'] as const;

/** The name of the first method by which the synchronous `body` read the values of a tensor, if it did. */
export function firstRead(body: () => unknown): string | undefined {
  const originals = READERS.map((name) => [name, Object.getOwnPropertyDescriptor(tf.Tensor.prototype, name)!] as const);
  let read: string | undefined;
  // The body is synchronous, so nothing else runs while all tensors of the process refuse to be read.
  for (const name of READERS) {
    Object.defineProperty(tf.Tensor.prototype, name, {
      configurable: true,
      value: () => {
        read ??= name;
        throw new Error(`${name}() reads values`);
      },
    });
  }
  try {
    body();
  } catch (error) {
    if (read === undefined) throw error;
  } finally {
    for (const [name, original] of originals) Object.defineProperty(tf.Tensor.prototype, name, original);
  }
  return read;
}
