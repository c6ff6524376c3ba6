import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { KindredError } from '@kindred/core';

import { ACTIVITY, guardExit, releaseExit } from './exit-guard.js';
import type { Message, Reply, Request, WireArray } from './protocol.js';

type Arrays = Readonly<Record<string, WireArray>>;

interface Pending {
  readonly settle: { resolve(arrays: Arrays): void; reject(error: unknown): void };
  readonly answer: Promise<Arrays>;
}

/** How long closing waits for native code to return. */
const GRACE_MS = 300;

/**
 * One thread and its sessions, as promises. An idle thread does not keep the process alive.
 */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #nextId = 0;
  #alive = true;
  #cause: unknown;

  /** @param onExit called once the thread has ended, whoever ended it. */
  constructor(onExit: () => void = () => undefined) {
    const activity = new Int32Array(new SharedArrayBuffer(4)).fill(ACTIVITY.starting);
    // A test runner's or debugger's flags for Node are not the worker's.
    const options = { execArgv: [], workerData: activity };
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), options);
    this.#worker = worker;
    worker.unref();
    guardExit(activity);
    worker.on('message', (reply: Reply) => this.#settle(reply));
    worker.on('messageerror', (error) => void this.#crash(error));
    worker.on('error', (error) => (this.#cause = error));
    this.#ended = new Promise((resolve) => {
      worker.on('exit', (exitCode) => {
        releaseExit(activity);
        this.#fail(exitCode);
        resolve();
        onExit();
      });
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
    if (!this.#alive) return Promise.reject(workerError('it had ended before'));
    const id = this.#nextId++;
    const { promise: answer, ...settle } = withResolvers<Arrays>();
    this.#pending.set(id, { answer, settle });
    this.#worker.ref();
    this.#worker.postMessage({ id, request } satisfies Message, [...transfer]);
    return answer;
  }

  /**
   * Lets the thread end as soon as it has served what it was sent: native code must not be interrupted. A long call is not waited
   * for: the thread ends after it, and does not keep the process alive until then.
   */
  async close(): Promise<void> {
    if (this.#alive) {
      this.#alive = false;
      this.#worker.postMessage({ id: this.#nextId++, request: { type: 'end' } } satisfies Message);
    }
    const patience = new AbortController();
    const grace = wait(GRACE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.#ended, grace]);
    patience.abort();
    this.#worker.unref();
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('failure' in reply) pending?.settle.reject(new Error(reply.failure));
    else pending?.settle.resolve(reply.arrays);
  }

  /** A reply that cannot be read (there was no memory for it) has no number: all that wait might wait for it. */
  async #crash(error: unknown): Promise<void> {
    this.#cause = error;
    this.#fail(0);
    await this.close();
  }

  #fail(exitCode: number): void {
    this.#alive = false;
    const reason = this.#cause instanceof Error ? this.#cause.message : `it ended with code ${exitCode}`;
    for (const { settle } of this.#pending.values()) settle.reject(workerError(reason, this.#cause));
    this.#pending.clear();
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

function workerError(reason: string, cause?: unknown): KindredError {
  return new KindredError('KINDRED_ENGINE_WORKER', {
    message: `A worker thread of the engine onnx must stay alive until its run is done. Got: ${reason}.`,
    hint: 'Run again: the engine starts another one. If it happens again, lower the batch size or "workers": memory may be short.',
    cause,
  });
}
