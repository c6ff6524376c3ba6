import type { Tensor } from '@tensorflow/tfjs-core';

import type { Context } from '../context/context.js';
import { KindredError } from '../errors/kindred-error.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import { float32, sizeOf, type NdArray, type NdArrays } from '../tensor/nd-array.js';

/** Rows a run: features of any number of images pass in bounded memory. */
const ROWS = 4096;

/** Something that turns features `[N, D]` into named results of N rows. */
export interface RunnableStage<Name extends string> {
  readonly constants: NdArrays;
  readonly apply: (constants: NamedTensors, x: Tensor) => Readonly<Record<Name, Tensor>>;
}

/**
 * Applies a stage to features `[N, D]`, N at least 1.
 * @throws KINDRED_PLUGIN_RESULT if the stage gives another number of rows, or values that are not finite
 */
export async function runStage<Name extends string>(
  name: string,
  { constants, apply }: RunnableStage<Name>,
  features: NdArray<'float32'>,
  { engine, signal }: Pick<Context, 'engine' | 'signal'>,
): Promise<Readonly<Record<Name, NdArray<'float32'>>>> {
  const [rows = 0, width = 1] = features.shape;
  const executable = await engine.compile({
    name,
    constants,
    run: (given) => apply(given.constants, given.inputs['features'] as Tensor),
  });
  const parts: NdArrays[] = [];
  try {
    for (let start = 0; start < rows; start += ROWS) {
      const count = Math.min(ROWS, rows - start);
      const chunk = float32([count, width], features.data.subarray(start * width, (start + count) * width));
      const outputs = await executable.run({ features: chunk }, { signal });
      for (const { shape } of Object.values(outputs)) if (shape[0] !== count) throw wrongRows(name, count, shape);
      parts.push(outputs);
    }
  } finally {
    await executable.dispose();
  }
  const joined = Object.keys(parts[0] ?? {}).map((key) => [key, join(name, parts, key, rows)]);
  return Object.fromEntries(joined) as Record<Name, NdArray<'float32'>>;
}

function join(name: string, parts: readonly NdArrays[], key: string, rows: number): NdArray<'float32'> {
  const [, ...rest] = parts[0]?.[key]?.shape ?? [];
  const joined = float32([rows, ...rest]);
  let offset = 0;
  for (const part of parts) {
    const { data, shape } = part[key] as NdArray;
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
