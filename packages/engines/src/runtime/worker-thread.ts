import { Worker } from 'node:worker_threads';

import { KindredError } from '@kindred/core';

import { guardExit, releaseExit } from './exit-guard.js';
import type { Message, Reply, Request, WireArray } from './protocol.js';

type Arrays = Readonly<Record<string, WireArray>>;

interface Pending {
  readonly settle: { resolve(arrays: Arrays): void; reject(error: unknown): void };
  readonly answer: Promise<Arrays>;
}

/**
 * One thread and its sessions, as promises. An idle thread does not keep the process alive.
 */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #alive = true;

  /** @param onExit called once the thread has ended, whoever ended it. */
  constructor(onExit: () => void = () => undefined) {
    const native = new Int32Array(new SharedArrayBuffer(4));
    // A test runner's or debugger's flags for Node are not the worker's.
    const options = { execArgv: [], workerData: native };
    this.#worker = new Worker(new URL('./worker.mjs', import.meta.url), options);
    this.#worker.unref();
    guardExit(native);
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => {
      releaseExit(native);
      this.#fail();
      onExit();
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Sends a request; requests are served in their order.
   * @throws KINDRED_ENGINE_WORKER if the thread ends before it answers; an Error with the runtime's message if it fails.
   */
  request(request: Request, transfer: readonly ArrayBuffer[] = []): Promise<Arrays> {
    if (!this.#alive) return Promise.reject(workerError());
    const id = this.#nextId++;
    const { promise: answer, ...settle } = withResolvers<Arrays>();
    this.#pending.set(id, { answer, settle });
    this.#worker.ref();
    this.#worker.postMessage({ id, request } satisfies Message, [...transfer]);
    return answer;
  }

  /** Ends the thread as soon as it has served what it was sent: native code must not be interrupted. */
  async close(): Promise<void> {
    this.#alive = false;
    await Promise.allSettled([...this.#pending.values()].map(({ answer }) => answer));
    await this.#worker.terminate();
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('failure' in reply) pending?.settle.reject(new Error(reply.failure));
    else pending?.settle.resolve(reply.arrays);
  }

  #fail(cause?: unknown): void {
    this.#alive = false;
    for (const { settle } of this.#pending.values()) settle.reject(workerError(cause));
    this.#pending.clear();
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

function workerError(cause?: unknown): KindredError {
  return new KindredError('KINDRED_ENGINE_WORKER', {
    message: 'A worker thread of the engine onnx must stay alive until its run is done. It ended.',
    hint: 'Run again: the engine starts another one. If it happens again, lower the batch size or "workers": memory may be short.',
    cause,
  });
}
