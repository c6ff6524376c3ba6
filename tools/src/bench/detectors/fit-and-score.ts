import {
  type Detector,
  type Engine,
  type Executable,
  float32,
  type NdArray,
  type NdArrays,
  type Program,
  type Transform,
} from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';

import type { Taken } from '../rounds.js';

import type { FitAndScore } from './timed.js';

/** Rows a run, as in a pipeline. */
const ROWS = 4096;

export interface KindredRun extends FitAndScore {
  /** Scored once more, with what is then compiled already. */
  readonly again: Taken;
  readonly results: NdArray<'float32'>;
  readonly notes: readonly string[];
}

/**
 * Fits a component and applies its state to other rows. Programs are recorded and compiled within these times, since
 * they are new for each fit; the engine has been started before.
 */
export async function fitAndScore(
  component: Detector | Transform,
  given: object,
  { train, test }: { readonly train: NdArray<'float32'>; readonly test: NdArray<'float32'> },
  engine: Engine,
): Promise<KindredRun> {
  const options = component.options.parse(given);
  const context = createTestContext({ engine });
  const [fitted, fit] = await timed(() => component.fit(options, { x: train }, context));
  const program: Program = {
    name: component.name,
    constants: fitted.tensors,
    run: ({ inputs, constants }) => {
      const { x } = inputs;
      if (!x) throw new RangeError('x must be given');
      return { y: component.apply({ options, tensors: constants, json: fitted.json }, x) };
    },
  };
  const executable = await engine.compile(program);
  try {
    const [results, score] = await timed(() => runInParts(executable, test, engine.concurrency));
    const [, again] = await timed(() => runInParts(executable, test, engine.concurrency));
    return { fit, score, again, results, notes: fitted.notes ?? [] };
  } finally {
    await executable.dispose();
  }
}

/** As many parts at once as the engine runs side by side. */
async function runInParts(
  executable: Executable,
  x: NdArray<'float32'>,
  concurrency: number,
): Promise<NdArray<'float32'>> {
  const [rows = 0, columns = 0] = x.shape;
  const size = Math.min(ROWS, Math.ceil(rows / concurrency));
  const starts = Array.from({ length: Math.ceil(rows / size) }, (_, i) => i * size);
  const parts: NdArrays[] = [];
  let next = 0;
  const work = async () => {
    for (let i = next++; i < starts.length; i = next++) {
      const [from, to] = [starts[i]!, Math.min(rows, starts[i]! + size)];
      const part = float32([to - from, columns], x.data.subarray(from * columns, to * columns));
      parts[i] = await executable.run({ x: part });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return joined(parts);
}

function joined(parts: readonly NdArrays[]): NdArray<'float32'> {
  const arrays = parts.map(({ y }) => y as NdArray<'float32'>);
  const rows = arrays.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  const result = float32([rows, ...(arrays[0]?.shape.slice(1) ?? [])]);
  let at = 0;
  for (const { data } of arrays) {
    result.data.set(data, at);
    at += data.length;
  }
  return result;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, Taken]> {
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(cpuStart);
  return [result, { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 }];
}
