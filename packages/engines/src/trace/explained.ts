import { isKindredError, KindredError, layerOf, type Program } from '@kindred/core';

import { LEFT_OUT } from '../lowerings/left-out.js';

import { describeInputs, type InputSpecs } from './input-specs.js';
import { BACKEND } from './register.js';

const MISSING_KERNEL = new RegExp(`Kernel '(\\w+)' not registered for backend '${BACKEND}'`);

/** What a program threw while it was recorded, as an error that names the program and says what to do. */
export function explained(error: unknown, program: Program, inputs: InputSpecs): unknown {
  if (isKindredError(error)) return withLayerNamed(error);
  const message = error instanceof Error ? error.message : String(error);
  const [, kernel] = MISSING_KERNEL.exec(message) ?? [];
  if (kernel) {
    return new KindredError('KINDRED_ENGINE_KERNEL', {
      message: `Every tfjs kernel of a program must have a lowering to ONNX. The program ${program.name} uses ${kernel}${inLayer(error)}, which has none.`,
      received: kernel,
      hint: LEFT_OUT[kernel]
        ? `${LEFT_OUT[kernel]} Write the program without ${kernel}, or use the engine tensorflow.`
        : `Write the program without ${kernel}, or add packages/engines/src/lowerings/${kernel}.ts (defineLowering) to the list in lowerings/index.ts.`,
      cause: error,
    });
  }
  return new KindredError('KINDRED_ENGINE_COMPILE', {
    message: `The program ${program.name} must run on its inputs ${describeInputs(inputs)}. It threw${inLayer(error)}: ${message}`,
    cause: error,
  });
}

/** An engine's own error, and the layer in which it happened. */
function withLayerNamed(error: KindredError): KindredError {
  const layer = layerOf(error);
  if (layer === undefined || !error.code.startsWith('KINDRED_ENGINE_')) return error;
  const { code, message, received, hint } = error;
  return new KindredError(code, {
    message: `${message} It happened in the layer ${layer}.`,
    received,
    ...(hint !== undefined && { hint }),
    cause: error,
  });
}

/** The layer in which it was thrown, where the program names its layers; gradients are computed outside of them. */
function inLayer(error: unknown): string {
  const layer = layerOf(error);
  return layer === undefined ? '' : ` in the layer ${layer}`;
}
