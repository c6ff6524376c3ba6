import type { Tensor, Variable } from '@tensorflow/tfjs-core';

import type { NdArrays } from '../tensor/nd-array.js';

/** tfjs tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** What a program's `run` gets. */
export interface ProgramTensors {
  readonly inputs: NamedTensors;
  /** The program's `constants` as tensors. */
  readonly constants: NamedTensors;
  /** The program's `variables`. Assigning to one changes its value for the next run. */
  readonly variables: Readonly<Record<string, Variable>>;
}

/**
 * A function written with tfjs ops: tensors in, tensors out. An engine may run it eagerly, or once, symbolically, for each
 * new set of input shapes, and compile what it recorded: so it must not read values (`dataSync`), draw random numbers
 * on the host, or choose shapes by data. uint8 inputs appear as int32 tensors.
 */
export interface Program {
  /** For messages and logs. */
  readonly name: string;
  /** Read-only values. They become constants of the compiled graph. */
  readonly constants?: NdArrays;
  /** Initial values of what the program keeps and changes between runs (weights and optimizer slots). */
  readonly variables?: NdArrays;
  run(tensors: ProgramTensors): NamedTensors;
  /** The same computation in two stages, where the rows of a batch may be divided among workers. An engine may ignore it. */
  readonly sharded?: ShardedProgram;
}

/**
 * A program over a batch as a mean over its rows and the rest: what data-parallel training needs. Each worker computes
 * `partial` on a shard of the rows; all get the means over the whole batch and do the same in `finish`, so that their
 * variables stay equal. `run` must give what `finish` gives after `partial` on a single shard of number 0.
 */
export interface ShardedProgram {
  /** Whether the rows (the first axis) of this input are divided. Every shard gets the other inputs whole. */
  splits(input: string): boolean;
  /**
   * Means over the shard's rows, float32: losses, gradients, statistics. `shard` (scalar int32) numbers the shards from
   * 0: fold it into seeds, or all shards draw alike. Variables must not be assigned.
   */
  partial(tensors: ProgramTensors, shard: Tensor): NamedTensors;
  /** The outputs, from `partial`'s means weighted by the shards' rows. Inputs that are divided are not given. */
  finish(tensors: ProgramTensors, means: NamedTensors): NamedTensors;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
}

/** A program made ready. Runs of a program with variables happen one after another, in the order of the calls. */
export interface Executable {
  /**
   * Runs once; compiles first where these input shapes are new. The inputs' buffers stay the caller's.
   * @throws KINDRED_ENGINE_* if the program cannot be compiled or a run fails; the signal's reason on abort.
   */
  run(inputs: NdArrays, options?: RunOptions): Promise<NdArrays>;
  /**
   * How many runs on inputs like these are worth one call of `runAll`. Absent, as `runAll` is, where an engine gains nothing by
   * it.
   */
  runsAtOnce?(inputs: NdArrays): Promise<number>;
  /**
   * The same as one `run` after another on each of `inputs`, with less to copy between them: at most so many as `runsAtOnce` says, equal
   * in names, types and shapes. `undo` goes back to before the first.
   */
  runAll?(inputs: readonly NdArrays[], options?: RunOptions): Promise<readonly NdArrays[]>;
  /** The variables' present values. */
  readVariables(): Promise<NdArrays>;
  /** Sets the named variables; shapes must match. */
  writeVariables(values: NdArrays): Promise<void>;
  /**
   * Sets the variables back to their values before the last call of `run` or `runAll` that succeeded, once. Absent where an engine does not keep
   * them; used to look into a training step that went wrong.
   */
  undo?(): Promise<void>;
  dispose(): Promise<void>;
}

/** What an engine learned of a program's inner values on some of its inputs: plain JSON, the engine's own. */
export type Calibration = Readonly<Record<string, unknown>>;

export interface CompileOptions {
  /** Computes in 8 bits, as this calibration says. Only for programs without variables. */
  readonly calibration?: Calibration;
}

/** Programs in 8 bits: faster, and close to what the same program gives in float32. */
export interface Int8Support {
  /** Changes whenever the same program and inputs would give another calibration, or another result with it. */
  readonly version: string;
  /** How this machine computes in 8 bits, for `kindred doctor`. */
  describe(): Promise<string>;
  /**
   * Runs a program without variables in float32 on typical inputs, each with images along its first axis, and keeps what
   * `compile` needs to run it in 8 bits, here or on another machine.
   */
  calibrate(program: Program, batches: AsyncIterable<NdArrays>, options?: RunOptions): Promise<Calibration>;
}

export interface Engine {
  /** The component's name: `onnx`, `tensorflow`. */
  readonly name: string;
  /** How many runs of one stateless executable make progress at once: the useful number of calls in flight. */
  readonly concurrency: number;
  /** Versions and devices, for lock files and `kindred doctor`. */
  describe(): Readonly<Record<string, string>>;
  /** Takes over the program; nothing is compiled before the first run. */
  compile(program: Program, options?: CompileOptions): Promise<Executable>;
  /** Absent in engines that compute in float32 alone. */
  readonly int8?: Int8Support;
  /** Stops workers and frees all executables. */
  dispose(): Promise<void>;
}
