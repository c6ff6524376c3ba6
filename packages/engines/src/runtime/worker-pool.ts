import { isKindredError, KindredError, type RunOptions } from '@kindred/core';

import { abortable } from './aborted.js';
import { failure, type Loadable } from './model.js';
import type { WireArray } from './protocol.js';
import { WorkerThread } from './worker-thread.js';

type Arrays = Readonly<Record<string, WireArray>>;

/** Models below are loaded by all threads at once. */
const LARGE_BYTES = 16 * 2 ** 20;

interface Job<M> {
  readonly model: M;
  readonly feeds: Arrays;
  readonly outputs: readonly string[];
  /** Its caller does not wait for it any more. */
  forgotten: boolean;
  /** A thread died with it; another one has it now. */
  retried: boolean;
  resolve(arrays: Arrays): void;
  reject(error: unknown): void;
}

interface Member<M> {
  readonly thread: WorkerThread;
  readonly sessions: Set<M>;
  job: Job<M> | undefined;
}

/**
 * Spreads runs of stateless models over worker threads. A thread starts when a run finds all others busy, and loads a
 * model when it first runs it.
 */
export class WorkerPool<M extends Loadable> {
  readonly #members = new Set<Member<M>>();
  /** Models that are not wanted any more; a run of theirs that was in the queue may load one once again. */
  readonly #released = new WeakSet<M>();
  #queue: Job<M>[] = [];
  #loading: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    readonly workers: number,
    private readonly threads: number,
    /** Makes a session of a model in a thread. */
    private readonly load: (thread: WorkerThread, model: M, threads: number) => Promise<void>,
  ) {}

  /**
   * Runs `model` in the next free thread. A run whose thread dies is given to another one, once.
   * @throws KINDRED_ENGINE_COMPILE, KINDRED_ENGINE_RUN, KINDRED_ENGINE_WORKER
   */
  run(model: M, feeds: Arrays, outputs: readonly string[], { signal }: RunOptions = {}): Promise<Arrays> {
    if (this.#closed) return Promise.reject(closedError());
    const job: Job<M> = {
      model,
      feeds,
      outputs,
      forgotten: false,
      retried: false,
      resolve: () => undefined,
      reject: () => undefined,
    };
    const result = new Promise<Arrays>((resolve, reject) => Object.assign(job, { resolve, reject }));
    this.#queue.push(job);
    this.#dispatch();
    return abortable(result, signal, () => this.#forget(job));
  }

  /** Starts the first thread, which takes a while, before it is needed. */
  warmUp(): void {
    if (!this.#closed && this.#members.size === 0) this.#start();
  }

  /** Frees `model` in every thread, after the runs that are under way. */
  release(model: M): void {
    this.#released.add(model);
    for (const member of this.#members) {
      if (!member.sessions.delete(model)) continue;
      member.thread.request({ type: 'release', session: model.session }).catch(() => undefined);
    }
  }

  /** Rejects all runs, and ends the threads once native code has returned. */
  async close(): Promise<void> {
    this.#closed = true;
    const queue = this.#queue;
    this.#queue = [];
    for (const job of queue) job.reject(closedError());
    for (const { job } of this.#members) job?.reject(closedError());
    await Promise.all([...this.#members].map(({ thread }) => thread.close()));
  }

  /** Takes a job out of the queue. One that runs already goes on unseen, and keeps its thread until it is done. */
  #forget(job: Job<M>): void {
    job.forgotten = true;
    this.#queue = this.#queue.filter((other) => other !== job);
  }

  #dispatch(): void {
    for (let job = this.#queue[0]; job; job = this.#queue[0]) {
      const member = this.#free(job.model);
      if (!member) return;
      this.#queue.shift();
      void this.#serve(member, job);
    }
  }

  /** An idle thread, rather one that has the model; a new one if there is none. */
  #free(model: M): Member<M> | undefined {
    const idle = [...this.#members].filter((member) => !member.job);
    const known = idle.find((member) => member.sessions.has(model)) ?? idle[0];
    return known ?? (this.#members.size < this.workers ? this.#start() : undefined);
  }

  #start(): Member<M> {
    const thread = new WorkerThread(() => {
      this.#members.delete(member);
      this.#dispatch();
    });
    const member: Member<M> = { thread, sessions: new Set(), job: undefined };
    this.#members.add(member);
    return member;
  }

  async #serve(member: Member<M>, job: Job<M>): Promise<void> {
    member.job = job;
    try {
      job.resolve(await this.#execute(member, job));
    } catch (error) {
      if (this.#deserves(job, error)) this.#queue.unshift(Object.assign(job, { retried: true }));
      else job.reject(error);
    }
    member.job = undefined;
    if (this.#released.has(job.model)) this.release(job.model);
    if (!member.thread.alive) this.#members.delete(member);
    if (!this.#closed) this.#dispatch();
  }

  /** Whether another thread shall try: once, since what kills two threads kills any. */
  #deserves(job: Job<M>, error: unknown): boolean {
    const died = isKindredError(error) && error.code === 'KINDRED_ENGINE_WORKER';
    return died && !job.retried && !job.forgotten && !this.#closed;
  }

  async #execute(member: Member<M>, { model, feeds, outputs }: Job<M>): Promise<Arrays> {
    if (!member.sessions.has(model)) await this.#load(member, model);
    try {
      const request = { type: 'run', session: model.session, feeds, outputs, variables: [] } as const;
      // Copied rather than moved: another thread may need them.
      return await member.thread.request(request);
    } catch (error) {
      throw failure('KINDRED_ENGINE_RUN', model, 'run', error);
    }
  }

  /** Large models in one thread after another: while a session is made, the model is in memory more than once. */
  async #load(member: Member<M>, model: M): Promise<void> {
    const load = () => this.load(member.thread, model, this.threads);
    if (model.constantBytes < LARGE_BYTES) await load();
    else {
      const loading = this.#loading.then(load);
      this.#loading = loading.catch(() => undefined);
      await loading;
    }
    member.sessions.add(model);
  }
}

export function closedError(): KindredError {
  return new KindredError('KINDRED_ENGINE_RUN', {
    message: 'A compiled program must be run before it or its engine onnx is disposed.',
  });
}
