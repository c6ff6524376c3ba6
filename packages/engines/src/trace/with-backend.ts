import * as tf from '@tensorflow/tfjs-core';

import { BACKEND } from './register.js';
import type { TraceBackend } from './trace-backend.js';
import type { Trace } from './trace.js';

/** Makes the trace backend the current one for the time of `record`, and leaves tfjs as it was whatever happens. */
export function withBackend(backend: TraceBackend, trace: Trace, record: () => void): void {
  const engine = tf.engine();
  const { backendName } = engine;
  const outer = { trace: backend.trace, held: new Set(backend.held().map(({ dataId }) => dataId)) };
  backend.trace = trace;
  // What tf.setBackend does for a backend that is there already, but for a search through all kernels, which takes longer than most
  // recordings.
  Object.assign(engine, { backendName: BACKEND, backendInstance: backend });
  try {
    record();
  } finally {
    backend.trace = outer.trace;
    Object.assign(engine, { backendName, backendInstance: engine.findBackend(backendName) });
    disposeHeld(backend, outer.held);
  }
}

/** Frees what is left: an exception inside of tf.grads leaves saved tensors behind, and a program may keep some. */
function disposeHeld(backend: TraceBackend, except: ReadonlySet<object>): void {
  for (const { dataId, tensor, references } of backend.held()) {
    if (except.has(dataId)) continue;
    for (let i = 0; i < references; i++) {
      tf.engine().disposeTensor({ dataId, dtype: tensor.dtype, size: tensor.size } as tf.Tensor);
    }
  }
}
