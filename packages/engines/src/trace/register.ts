import * as tf from '@tensorflow/tfjs-core';

import { LOWERINGS } from '../lowerings/index.js';

import type { Lowering } from './lowering.js';
import type { SymbolicTensor } from './symbolic-tensor.js';
import { TraceBackend } from './trace-backend.js';

export const BACKEND = 'kindred-trace';

/** The trace backend; its first use registers it and a kernel for each lowering. */
export function traceBackend(): TraceBackend {
  if (!tf.findBackend(BACKEND)) {
    // The lowest priority: tfjs must never choose it by itself.
    tf.registerBackend(BACKEND, () => new TraceBackend(), Number.NEGATIVE_INFINITY);
    for (const lowering of LOWERINGS) registerLowering(lowering);
  }
  return tf.findBackend(BACKEND) as TraceBackend;
}

function registerLowering(lowering: Lowering): void {
  tf.registerKernel({
    kernelName: lowering.kernel,
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const traces = backend as TraceBackend;
      const emit = traces.trace?.emit;
      if (!emit) throw new Error(`the tfjs backend ${BACKEND} works only while a program is recorded`);
      const missing = lowering.required.find((name) => !inputs[name]);
      if (missing) throw new Error(`the kernel ${lowering.kernel} was called without its input '${missing}'`);
      const result = lowering.lower({ emit, attrs, inputs: symbols(traces, inputs) });
      return Array.isArray(result) ? result.map((tensor) => traces.hold(tensor)) : traces.hold(result);
    },
  });
}

function symbols(backend: TraceBackend, inputs: tf.NamedTensorInfoMap): unknown {
  const symbol = (info: tf.TensorInfo | undefined | null): SymbolicTensor | undefined =>
    info ? backend.symbol(info) : undefined;
  if (Array.isArray(inputs)) return (inputs as tf.TensorInfo[]).map(symbol);
  return Object.fromEntries(Object.entries(inputs).map(([name, info]) => [name, symbol(info)]));
}
