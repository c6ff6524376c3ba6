import * as tf from '@tensorflow/tfjs-core';

/** Makes a backend the current one for the time of `work`, and leaves tfjs as it was whatever happens. */
export function onBackend<T>(name: string, work: () => T): T {
  const engine = tf.engine();
  const before = engine.backendName as string | undefined;
  // setBackend is asynchronous by name only: for a backend made synchronously it is done when the call returns.
  void tf.setBackend(name);
  try {
    return work();
  } finally {
    if (before) void tf.setBackend(before);
    else Object.assign(engine, { backendName: undefined, backendInstance: undefined });
  }
}
