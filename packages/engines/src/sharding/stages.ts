import { float32, KindredError, sizeOf, type NdArrays, type Program, type ShardedProgram } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import type { InputSpecs } from '../trace/input-specs.js';

const SHARD = 'kindred/shard';
/** A shard's mean is the input `kindred/mean/<name>/<shard>`, its weight `kindred/weight/<shard>`. */
const meanInput = (name: string) => `kindred/mean/${name}`;
const weightInput = (shard: number) => `kindred/weight/${shard}`;

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

/**
 * The second stage as a program of its own. Its inputs are those that are not divided, and each shard's means and weight,
 * of as many shards as it is given.
 */
export function finishProgram(program: DividedProgram, means: readonly string[]): Program {
  return {
    ...common(program),
    name: `${program.name} (means)`,
    run(tensors) {
      const weighted = (name: string) => {
        const terms: Tensor[] = [];
        for (let shard = 0; weightInput(shard) in tensors.inputs; shard++) {
          const term = tensors.inputs[`${meanInput(name)}/${shard}`] as Tensor;
          terms.push(tf.mul(term, tensors.inputs[weightInput(shard)] as Tensor));
        }
        return terms.reduce((sum, term) => tf.add(sum, term));
      };
      return program.sharded.finish(tensors, Object.fromEntries(means.map((name) => [name, weighted(name)])));
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

/** The shards' weights as inputs of the second stage. */
export function weightInputs(weights: readonly number[]): NdArrays {
  return Object.fromEntries(weights.map((weight, shard) => [weightInput(shard), float32([], [weight])]));
}

/** The inputs of the second stage, by type and shape, for so many shards. */
export function finishSpecs(
  program: DividedProgram,
  inputs: InputSpecs,
  { means, shards }: { readonly means: MeanSpecs; readonly shards: number },
): InputSpecs {
  const whole = Object.entries(inputs).filter(([name]) => !program.sharded.splits(name));
  const averaged = Object.entries(means).flatMap(([name, shape]) =>
    Array.from({ length: shards }, (_, shard) => [`${meanInput(name)}/${shard}`, { dtype: 'float32', shape }]),
  );
  return Object.fromEntries([...whole, ...averaged]) as InputSpecs;
}

/** Where each mean is in a shard's area: one after another. */
export function meanLayout(means: MeanSpecs): readonly AreaLayout[] {
  let next = 0;
  return Object.entries(means).map(([name, shape]) => {
    const offset = next;
    next += sizeOf(shape);
    return { name: meanInput(name), offset, shape };
  });
}

interface AreaLayout {
  readonly name: string;
  readonly offset: number;
  readonly shape: readonly number[];
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
