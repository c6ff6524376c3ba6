import type { Tensor } from '@tensorflow/tfjs-core';

import type { Context } from '../context/context.js';
import { KindredError } from '../errors/kindred-error.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import { float32, sizeOf, type NdArray, type NdArrays } from '../tensor/nd-array.js';

/** Most rows a run: features of any number of images pass in bounded memory. */
const ROWS = 4096;

/** Fewer rows are not divided: what a run costs by itself is more than what is saved. */
const FEWEST_ROWS = 256;

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
  const { count, size } = divided(rows, engine.concurrency);
  // All parts have the same shape, which is compiled once: the last one may begin with rows of the one before.
  const startOf = (part: number): number => Math.min(part * size, rows - size);
  const parts: NdArrays[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const part = next++;
      const start = startOf(part);
      const chunk = float32([size, width], features.data.subarray(start * width, (start + size) * width));
      const outputs = await executable.run({ features: chunk }, { signal });
      for (const { shape } of Object.values(outputs)) if (shape[0] !== size) throw wrongRows(name, size, shape);
      parts[part] = outputs;
    }
  };
  try {
    await Promise.all(Array.from({ length: engine.concurrency }, lane));
  } finally {
    await executable.dispose();
  }
  const joined = Object.keys(parts[0] ?? {}).map((key) => [key, join(name, parts, key, { rows, startOf })]);
  return Object.fromEntries(joined) as Record<Name, NdArray<'float32'>>;
}

/** Into parts of equal size, a multiple of what the engine runs at once if there are rows enough. */
function divided(rows: number, concurrency: number): { count: number; size: number } {
  const most = Math.max(1, Math.floor(rows / FEWEST_ROWS));
  const size = Math.ceil(rows / Math.min(most, concurrency * Math.ceil(rows / (ROWS * concurrency))));
  return { count: Math.ceil(rows / size), size };
}

function join(
  name: string,
  parts: readonly NdArrays[],
  key: string,
  { rows, startOf }: { rows: number; startOf: (part: number) => number },
): NdArray<'float32'> {
  const [, ...rest] = parts[0]?.[key]?.shape ?? [];
  const joined = float32([rows, ...rest]);
  const width = sizeOf(rest);
  parts.forEach((part, number) => joined.data.set((part[key] as NdArray).data, startOf(number) * width));
  for (let i = 0; i < joined.data.length; i++) {
    if (!Number.isFinite(joined.data[i])) throw notFinite(name, Math.floor(i / width), joined.data[i]);
  }
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
