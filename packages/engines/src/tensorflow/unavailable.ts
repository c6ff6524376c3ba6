import { KindredError } from '@kindred/core';

/** What to do where the engine is missing or broken. */
export const INSTALL_HINT =
  'Run "kindred engines install tensorflow", or with --from and a TensorFlow wheel ("pip download tensorflow-cpu==2.21.0 --no-deps" gets one), or choose the engine "onnx".';

/** An engine that cannot be used here, and why. */
export function unavailable(problem: string, details: { cause?: unknown; path?: string } = {}): KindredError {
  return new KindredError('KINDRED_ENGINE_UNAVAILABLE', {
    message: `The engine tensorflow must load on this machine: ${problem}.`,
    hint: INSTALL_HINT,
    ...details,
  });
}
