import { KindredError, type Program, sizeOf } from '@kindred/core';

import type { Device } from '../device/device.js';
import type { Graph } from '../onnx/graph.js';
import { serialize } from '../onnx/serialize.js';
import { ELEMENT_BYTES } from '../onnx/types.js';
import { describeInputs, signatureOf, type InputSpecs } from '../trace/input-specs.js';
import { recordProgram, type RecordedProgram } from '../trace/record-program.js';

import type { WorkerThread } from './worker-thread.js';

let nextSession = 0;

/**
 * A program recorded for one set of input shapes. It refers to the weights where their owner keeps them; bytes are
 * written anew for each worker and moved there, so that none stay behind.
 */
export interface Model extends RecordedProgram {
  readonly program: Program;
  readonly specs: InputSpecs;
  /** The session's name in every worker that loads it. */
  readonly session: number;
  /** What its constants take. */
  readonly constantBytes: number;
}

/** What a session is made of, as far as messages and threads know it. */
export interface Loadable {
  readonly program: Pick<Program, 'name'>;
  readonly specs: InputSpecs;
  readonly session: number;
  /** What its constants take. */
  readonly constantBytes: number;
}

/** Exchanges a graph for a faster one of equal results. */
export type Optimize = (graph: Graph) => Promise<Graph>;

/** @throws KINDRED_ENGINE_* if the program cannot be recorded. */
function createModel(program: Program, specs: InputSpecs, record: typeof recordProgram): Model {
  const recorded = record(program, specs);
  const constantBytes = recorded.graph.constants.reduce(
    (sum, { type, shape }) => sum + ELEMENT_BYTES[type] * sizeOf(shape),
    0,
  );
  return { ...recorded, program, specs, session: nextSession++, constantBytes };
}

/** How a model's session computes. */
export interface SessionOptions {
  readonly threads: number;
  /** Whether its threads wait actively between nodes. */
  readonly spinning?: boolean;
  readonly optimize?: Optimize | undefined;
  /** Default `cpu`. */
  readonly device?: Device | undefined;
}

/** Makes a session in `thread`. @throws KINDRED_ENGINE_COMPILE if onnxruntime refuses the model. */
export async function loadModel(
  thread: WorkerThread,
  model: Model,
  { optimize, ...options }: SessionOptions,
): Promise<void> {
  const bytes = serialize(optimize ? await optimize(model.graph) : model.graph);
  const { session, updates, wideProducts } = model;
  try {
    const request = { type: 'load', session, model: bytes, updates, wideProducts, ...options } as const;
    await thread.request(request, [bytes.buffer]);
  } catch (error) {
    throw failure('KINDRED_ENGINE_COMPILE', model, 'be accepted by onnxruntime', error);
  }
}

/** An error of onnxruntime with the program's name and inputs; errors of the worker itself pass unchanged. */
export function failure(
  code: 'KINDRED_ENGINE_COMPILE' | 'KINDRED_ENGINE_RUN',
  { program, specs }: Pick<Loadable, 'program' | 'specs'>,
  what: string,
  error: unknown,
): unknown {
  if (error instanceof KindredError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new KindredError(code, {
    message: `The program ${program.name} must ${what} for the inputs ${describeInputs(specs)}. Got: ${reason}`,
    cause: error,
  });
}

/** Models by the shapes of their inputs; the one used least recently makes room. */
export class ModelCache {
  readonly #models = new Map<string, Model>();

  constructor(
    private readonly program: Program,
    private readonly capacity: number,
    private readonly onEvict: (model: Model) => void,
    private readonly record: typeof recordProgram = recordProgram,
  ) {}

  /** The model for inputs of these shapes; records it at first use. */
  get(inputs: InputSpecs): Model {
    const key = signatureOf(inputs);
    const specs = Object.fromEntries(
      Object.entries(inputs).map(([name, { dtype, shape }]) => [name, { dtype, shape }]),
    );
    const model = this.#models.get(key) ?? createModel(this.program, specs, this.record);
    this.#models.delete(key);
    this.#models.set(key, model);
    if (this.#models.size > this.capacity) this.#evictOldest();
    return model;
  }

  all(): readonly Model[] {
    return [...this.#models.values()];
  }

  #evictOldest(): void {
    const [oldest] = this.#models;
    if (!oldest) return;
    this.#models.delete(oldest[0]);
    this.onEvict(oldest[1]);
  }
}
