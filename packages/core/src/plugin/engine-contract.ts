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
  /** The variables' present values. */
  readVariables(): Promise<NdArrays>;
  /** Sets the named variables; shapes must match. */
  writeVariables(values: NdArrays): Promise<void>;
  dispose(): Promise<void>;
}

export interface Engine {
  /** The component's name: `onnx`, `tensorflow`. */
  readonly name: string;
  /** How many runs of one stateless executable make progress at once: the useful number of calls in flight. */
  readonly concurrency: number;
  /** Versions and devices, for lock files and `kindred doctor`. */
  describe(): Readonly<Record<string, string>>;
  /** Takes over the program; nothing is compiled before the first run. */
  compile(program: Program): Promise<Executable>;
  /** Stops workers and frees all executables. */
  dispose(): Promise<void>;
}
