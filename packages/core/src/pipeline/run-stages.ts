import { KindredError } from '../errors/kindred-error.js';
import type { Engine } from '../plugin/engine-contract.js';
import { float32, sizeOf, type NdArray } from '../tensor/nd-array.js';

import { stagesProgram, type Stage } from './compose.js';

/** Rows a run: features of any number of images pass in bounded memory. */
const ROWS = 4096;

/**
 * Applies a stage to features `[N, D]`: `[N, E]`, or `[N]` for a detector.
 * @throws KINDRED_PLUGIN_RESULT if the stage gives another number of rows, or values that are not finite
 */
export async function runStage(
  name: string,
  stage: Stage,
  features: NdArray<'float32'>,
  engine: Engine,
  signal: AbortSignal,
): Promise<NdArray<'float32'>> {
  const [rows = 0, width = 1] = features.shape;
  const executable = await engine.compile(stagesProgram(name, { output: stage }));
  const parts: NdArray[] = [];
  try {
    for (let start = 0; start < rows; start += ROWS) {
      const count = Math.min(ROWS, rows - start);
      const chunk = float32([count, width], features.data.subarray(start * width, (start + count) * width));
      const { output } = await executable.run({ features: chunk }, { signal });
      if (output?.shape[0] !== count) throw wrongRows(name, count, output?.shape);
      parts.push(output);
    }
  } finally {
    await executable.dispose();
  }
  const [, ...rest] = parts[0]?.shape ?? [0, 1];
  const joined = float32([rows, ...rest]);
  let offset = 0;
  for (const { data, shape } of parts) {
    joined.data.set(data, offset);
    offset += sizeOf(shape);
  }
  const bad = joined.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw notFinite(name, Math.floor(bad / sizeOf(rest)), joined.data[bad]);
  return joined;
}

function wrongRows(name: string, rows: number, shape: readonly number[] | undefined): KindredError {
  return new KindredError('KINDRED_PLUGIN_RESULT', {
    message: `The components of '${name}' must give one row for each of ${rows} images. Got the shape [${String(shape)}].`,
    received: shape,
  });
}

function notFinite(name: string, row: number, received: unknown): KindredError {
  return new KindredError('KINDRED_PLUGIN_RESULT', {
    message: `The components of '${name}' must give finite values. Got ${String(received)} in row ${row}.`,
    received,
  });
}
