import { Worker } from 'node:worker_threads';

import { KindredError } from '@kindred/core';

import type { Message, Reply, Request, WireArray } from './protocol.js';

type Arrays = Readonly<Record<string, WireArray>>;

interface Pending {
  resolve(arrays: Arrays): void;
  reject(error: unknown): void;
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
    // A test runner's or debugger's flags for Node are not the worker's.
    this.#worker = new Worker(new URL('./worker.mjs', import.meta.url), { execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => {
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
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, request } satisfies Message, [...transfer]);
    });
  }

  /** Lets the process end although a request is still being served: nobody waits for it any more. */
  unref(): void {
    this.#worker.unref();
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('failure' in reply) pending?.reject(new Error(reply.failure));
    else pending?.resolve(reply.arrays);
  }

  #fail(cause?: unknown): void {
    this.#alive = false;
    for (const pending of this.#pending.values()) pending.reject(workerError(cause));
    this.#pending.clear();
  }
}

function workerError(cause?: unknown): KindredError {
  return new KindredError('KINDRED_ENGINE_WORKER', {
    message: 'A worker thread of the engine onnx must stay alive until its run is done. It ended.',
    hint: 'Run again: the engine starts another one. If it happens again, lower the batch size or "workers": memory may be short.',
    cause,
  });
}
