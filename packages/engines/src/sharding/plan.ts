import { sizeOf, type Program } from '@kindred/core';

import { countOperations } from '../onnx/operations.js';
import type { InputSpecs } from '../trace/input-specs.js';
import { recordProgram, type RecordedProgram } from '../trace/record-program.js';

import { shardSizes } from './split-rows.js';
import { batchRows, isDivided, partialProgram, shardInput, type DividedProgram } from './stages.js';

/** How many shards a batch is divided into, and how many threads compute each. */
export interface ShardPlan {
  readonly shards: number;
  readonly threads: number;
}

/** `auto`, or a number of shards wherever there are so many rows. */
export type ShardsOption = 'auto' | number;

/*
 * The constants of the estimate: rough figures of one processor of an AMD EPYC. They decide nothing but speed, and are constants so
 * that one manifest on one machine always gives the same plan and so the same bits: sums are added up in another order for
 * another number of shards.
 */
const OPERATIONS_PER_SECOND = 50e9;
/** What each further thread of one session adds: much of a step is not divided among threads. */
const THREAD_SHARE = 0.45;
/** Copying a byte of means out, averaging it, and updating weights on one worker's threads instead of all. */
const SECONDS_PER_BYTE = 1.5e-9;
/** Two rounds of messages. */
const SECONDS_PER_STEP = 0.3e-3;

/** What the plan is made from: `operations` of the whole batch, and what has to be exchanged in each step. */
export interface ShardWork {
  readonly operations: number;
  readonly bytes: number;
}

/** The work of a batch `times` as large as that for which the first stage was recorded. */
function workOf(partial: RecordedProgram, times: number): ShardWork {
  const bytes = partial.graph.outputs.reduce((sum, { value }) => sum + 4 * sizeOf(value.shape), 0);
  return { operations: countOperations(partial.graph) * times, bytes };
}

/** The estimated seconds of a step on `processors` processors. */
function estimateSeconds(
  { operations, bytes }: ShardWork,
  { shards, processors }: { readonly shards: number; readonly processors: number },
): number {
  const threads = Math.max(1, Math.floor(processors / shards));
  const computing = operations / shards / (OPERATIONS_PER_SECOND * (1 + (threads - 1) * THREAD_SHARE));
  return shards === 1 ? computing : computing + SECONDS_PER_STEP + bytes * shards * SECONDS_PER_BYTE;
}

/** The number of shards of least estimated time, at most `most`; the lower one of equals. */
export function chooseShards(work: ShardWork, { most, processors }: { most: number; processors: number }): number {
  let [chosen, least] = [1, Infinity];
  for (let shards = 1; shards <= most; shards++) {
    const seconds = estimateSeconds(work, { shards, processors });
    if (seconds < least) [chosen, least] = [shards, seconds];
  }
  return chosen;
}

/**
 * How a program's runs are divided, from the shapes of its first inputs.
 * @throws KINDRED_ENGINE_* if the program cannot be recorded
 */
export function planShards(
  program: Program,
  inputs: InputSpecs,
  {
    workers,
    processors,
    shards,
  }: { readonly workers: number; readonly processors: number; readonly shards: ShardsOption },
): ShardPlan {
  const whole = { shards: 1, threads: processors };
  if (!isDivided(program)) return whole;
  const most = Math.min(batchRows(program, inputs), shards === 'auto' ? workers : shards);
  if (most < 2) return whole;
  const chosen = shards === 'auto' ? chooseShards(stepWork(program, inputs, most), { most, processors }) : most;
  return { shards: chosen, threads: Math.max(1, Math.floor(processors / chosen)) };
}

/** The work of one step, seen by recording one of `parts` parts of the batch. */
function stepWork(program: DividedProgram, inputs: InputSpecs, parts: number): ShardWork {
  const rows = batchRows(program, inputs);
  const [size = rows] = shardSizes(rows, parts);
  const specs = Object.entries(inputs).map(([name, { dtype, shape }]) => [
    name,
    { dtype, shape: program.sharded.splits(name) ? [size, ...shape.slice(1)] : shape },
  ]);
  const given = { ...(Object.fromEntries(specs) as InputSpecs), ...shardInput(0) };
  return workOf(recordProgram(partialProgram(program), given), rows / size);
}

/** `auto, poster: training step 2`: the option, and what was chosen by it. */
export function describeShards(option: ShardsOption, chosen: Readonly<Record<string, number>>): string {
  const plans = Object.entries(chosen).map(([program, shards]) => `${program} ${shards}`);
  return [String(option), ...plans].join(', ');
}
