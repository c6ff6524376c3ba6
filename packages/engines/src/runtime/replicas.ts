import type { NdArrays } from '@kindred/core';

import type { Device } from '../device/device.js';

import { loadModel, type Model, type Optimize } from './model.js';
import type { RunRequest, WireArray } from './protocol.js';
import { buffersOf, packAll } from './wire.js';
import { WorkerThread } from './worker-thread.js';

interface Member {
  readonly thread: WorkerThread;
  readonly loads: Map<Model, Promise<void>>;
}

export interface ReplicaOptions {
  /** Worker threads, each with values of its own. */
  readonly count: number;
  /** Threads of each session in them. */
  readonly threads: number;
  readonly optimize: Optimize | undefined;
  /** Where they compute. Default `cpu`. */
  readonly device?: Device | undefined;
}

/** Worker threads that hold the same variables with the same values. If one ends, the others are ended too. */
export class Replicas {
  readonly #members: readonly Member[];
  #closing = false;

  /** @param onLost called once a thread has ended by itself, and the variables' values with it. */
  constructor(
    values: NdArrays,
    private readonly options: ReplicaOptions,
    private readonly onLost: () => void,
  ) {
    this.#members = Array.from({ length: options.count }, () => ({
      thread: new WorkerThread(() => this.#end()),
      loads: new Map<Model, Promise<void>>(),
    }));
    // Whatever is asked later is served after this; a thread that ends reports it there.
    this.write(values).catch(() => undefined);
  }

  get count(): number {
    return this.#members.length;
  }

  /** Loads `model` in one thread unless it is there. */
  load(index: number, model: Model): Promise<void> {
    const { thread, loads } = this.#member(index);
    const known = loads.get(model);
    if (known) return known;
    const { count, threads, optimize, device } = this.options;
    // A single replica has the processors to itself while it runs.
    const load = loadModel(thread, model, { threads, spinning: count === 1 && threads > 1, optimize, device });
    loads.set(model, load);
    load.catch(() => loads.delete(model));
    return load;
  }

  /** Runs in one thread what was loaded there. */
  run(index: number, request: Omit<RunRequest, 'type'>): Promise<Readonly<Record<string, WireArray>>> {
    return this.#member(index).thread.request({ type: 'run', ...request }, buffersOf(request.feeds));
  }

  release(model: Model): void {
    for (const { thread, loads } of this.#members) {
      if (loads.delete(model)) thread.request({ type: 'release', session: model.session }).catch(() => undefined);
    }
  }

  /** The variables' values, which are the same in every thread. */
  read(index = 0): Promise<NdArrays> {
    return this.#member(index).thread.request({ type: 'read' });
  }

  async write(values: NdArrays): Promise<void> {
    await Promise.all(
      this.#members.map(({ thread }) => {
        const variables = packAll(values, Object.keys(values), (name) => name);
        return thread.request({ type: 'write', variables }, buffersOf(variables));
      }),
    );
  }

  async undo(): Promise<void> {
    await Promise.all(this.#members.map(({ thread }) => thread.request({ type: 'undo' })));
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#members.map(({ thread }) => thread.close()));
  }

  /** Ends all: values that may differ, or may be gone, are no values. */
  #end(): void {
    if (this.#closing) return;
    void this.close();
    this.onLost();
  }

  /** Gives up after a failure that left the values unequal. */
  abandon(): void {
    this.#end();
  }

  #member(index: number): Member {
    const member = this.#members[index];
    if (!member) throw new RangeError(`there is no replica ${index} among ${this.#members.length}`);
    return member;
  }
}
