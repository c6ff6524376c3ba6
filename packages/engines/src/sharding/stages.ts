import { KindredError, type NamedTensors, type Program, type ShardedProgram } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';

import type { InputSpecs } from '../trace/input-specs.js';

const SHARD = 'kindred/shard';
const meanInput = (name: string) => `kindred/mean/${name}`;

/** A program whose batch may be divided. */
export type DividedProgram = Program & { readonly sharded: ShardedProgram };

export function isDivided(program: Program): program is DividedProgram {
  return program.sharded !== undefined;
}

/** The first stage as a program of its own; `SHARD` is one more input. */
export function partialProgram(program: DividedProgram): Program {
  return {
    ...common(program),
    name: `${program.name} (shard)`,
    run: (tensors) => program.sharded.partial(tensors, tensors.inputs[SHARD] as Tensor),
  };
}

/** The second stage as a program of its own; the means are inputs beside those that are not divided. */
export function finishProgram(program: DividedProgram, means: readonly string[]): Program {
  return {
    ...common(program),
    name: `${program.name} (means)`,
    run(tensors) {
      const given: NamedTensors = Object.fromEntries(
        means.map((name) => [name, tensors.inputs[meanInput(name)] as Tensor]),
      );
      return program.sharded.finish(tensors, given);
    },
  };
}

function common({ constants, variables }: Program): Pick<Program, 'constants' | 'variables'> {
  return { ...(constants && { constants }), ...(variables && { variables }) };
}

/** The shard's number as an input of the first stage. */
export const shardInput = (shard: number) => ({
  [SHARD]: { dtype: 'int32' as const, shape: [], data: Int32Array.of(shard) },
});

export const meanInputs = (means: readonly string[]): readonly string[] => means.map(meanInput);

/** The inputs of the second stage, by type and shape. */
export function finishSpecs(program: DividedProgram, inputs: InputSpecs, means: MeanSpecs): InputSpecs {
  const whole = Object.entries(inputs).filter(([name]) => !program.sharded.splits(name));
  const averaged = Object.entries(means).map(([name, shape]) => [
    meanInput(name),
    { dtype: 'float32' as const, shape },
  ]);
  return Object.fromEntries([...whole, ...averaged]) as InputSpecs;
}

/** Shapes of the means by name. */
export type MeanSpecs = Readonly<Record<string, readonly number[]>>;

/**
 * How many rows the divided inputs have.
 * @throws KINDRED_ENGINE_INPUT if they differ
 */
export function batchRows(program: DividedProgram, inputs: InputSpecs): number {
  const divided = Object.entries(inputs).filter(([name]) => program.sharded.splits(name));
  const rows = divided.map(([, { shape }]) => shape[0] ?? NaN);
  const [first = 0] = rows;
  if (rows.every((count) => count === first)) return first;
  throw new KindredError('KINDRED_ENGINE_INPUT', {
    message: `The divided inputs of the program ${program.name} must have equally many rows. Got ${divided.map(([name], i) => `${name}: ${rows[i]}`).join(', ')}.`,
    received: rows,
  });
}
