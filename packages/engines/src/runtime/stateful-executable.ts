import { KindredError, type Executable, type NdArrays, type Program, type RunOptions } from '@kindred/core';

import { graphName } from '../trace/record-program.js';

import { abortable } from './aborted.js';
import { failure, loadModel, ModelCache, type Model, type Optimize } from './model.js';
import { outputsOf } from './outputs.js';
import { assertVariables } from './variables.js';
import { buffersOf, packAll } from './wire.js';
import { closedError } from './worker-pool.js';
import { WorkerThread } from './worker-thread.js';

/** Sets of input shapes whose sessions are kept: full batches, the last batch, and the same for validation. */
const CAPACITY = 4;

/**
 * A program with variables. They live in one worker, which feeds each run's results to the next without sending them
 * anywhere; runs happen one after another on all of its threads.
 */
export class StatefulExecutable implements Executable {
  readonly #models: ModelCache;
  readonly #loaded = new Set<Model>();
  #worker: WorkerThread | undefined;
  /** The variables' values went with a worker that died. */
  #lost = false;
  #disposed = false;
  /** The end of the line of runs. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly program: Program,
    private readonly threads: number,
    private readonly onDispose: () => void,
    private readonly optimize?: Optimize,
  ) {
    this.#models = new ModelCache(program, CAPACITY, (model) => this.#release(model));
  }

  run(inputs: NdArrays, { signal }: RunOptions = {}): Promise<NdArrays> {
    const names = Object.keys(inputs);
    // The caller may reuse its buffers while the run waits in line.
    const feeds = packAll(inputs, names, graphName.input);
    const run = this.#inLine(async () => {
      signal?.throwIfAborted();
      const model = this.#models.get(inputs);
      const worker = await this.#ready(model);
      const used = Object.fromEntries(
        model.inputs.flatMap((name) => {
          const feed = feeds[graphName.input(name)];
          return feed ? [[graphName.input(name), feed]] : [];
        }),
      );
      const { session, reads: variables } = model;
      const outputs = model.outputs.map(graphName.output);
      try {
        const request = { type: 'run', session, feeds: used, variables, outputs } as const;
        return outputsOf(model, await worker.request(request, buffersOf(used)));
      } catch (error) {
        throw failure('KINDRED_ENGINE_RUN', model, 'run', error);
      }
    });
    return abortable(run, signal);
  }

  readVariables(): Promise<NdArrays> {
    return this.#inLine(async () => (await this.#started()).request({ type: 'read' }));
  }

  writeVariables(values: NdArrays): Promise<void> {
    return this.#inLine(async () => {
      assertVariables(this.program, values);
      const all = Object.keys(this.program.variables ?? {}).every((name) => name in values);
      if (this.#lost && all) this.#lost = false;
      const variables = packAll(values, Object.keys(values), (name) => name);
      await (await this.#started()).request({ type: 'write', variables }, buffersOf(variables));
    });
  }

  /** Waits for the run under way; those in line are rejected. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.onDispose();
    await this.#worker?.close();
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => {
      if (this.#disposed) throw closedError();
      return work();
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #ready(model: Model): Promise<WorkerThread> {
    const worker = await this.#started();
    if (!this.#loaded.has(model)) {
      await loadModel(worker, model, this.threads, this.optimize);
      this.#loaded.add(model);
    }
    return worker;
  }

  /** The worker, with variables. @throws KINDRED_ENGINE_WORKER if their values were lost. */
  async #started(): Promise<WorkerThread> {
    if (this.#lost) throw lostError(this.program);
    if (this.#worker) return this.#worker;
    const worker = new WorkerThread(() => {
      this.#worker = undefined;
      this.#loaded.clear();
      this.#lost = true;
    });
    this.#worker = worker;
    const initial = this.program.variables ?? {};
    const variables = packAll(initial, Object.keys(initial), (name) => name);
    await worker.request({ type: 'write', variables }, buffersOf(variables));
    return worker;
  }

  #release(model: Model): void {
    if (!this.#loaded.delete(model)) return;
    this.#worker?.request({ type: 'release', session: model.session }).catch(() => undefined);
  }
}

function lostError(program: Program): KindredError {
  return new KindredError('KINDRED_ENGINE_WORKER', {
    message: `The worker thread that holds the variables of the program ${program.name} must stay alive. It ended, and their values with it.`,
    hint: 'Set all variables with writeVariables (a checkpoint, say), or compile the program again.',
  });
}
