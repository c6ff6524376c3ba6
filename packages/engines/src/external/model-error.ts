import { KindredError } from '@kindred/core';

/** The sentence of all that is wrong with a model file. `must` goes on after "An ONNX model must". */
export function modelError(
  file: string,
  must: string,
  received: string,
  options: { hint?: string; cause?: unknown } = {},
): KindredError {
  return new KindredError('KINDRED_ENGINE_MODEL', {
    message: `An ONNX model must ${must}. ${file}: ${received}.`,
    path: file,
    hint: options.hint ?? 'Export the model anew; files from elsewhere can be damaged or hostile.',
    cause: options.cause,
  });
}

/** What is wrong, found deep inside; whoever knows the file's name makes it a `modelError`. */
export class Flaw extends Error {
  constructor(
    readonly must: string,
    readonly received: string,
    readonly hint?: string,
  ) {
    super(`${must}: ${received}`);
  }
}
