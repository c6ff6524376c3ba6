import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { KindredError } from '../../../errors/kindred-error.js';

import type { Job, Message, Reply, Setup } from './protocol.js';
import { unpackError } from './wire-error.js';

interface Pending {
  readonly resolve: (pixels: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/** How long closing waits for native code to return. */
const GRACE_MS = 300;

/** One thread, as promises. It keeps the process alive only while somebody waits for it. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #cause: unknown;
  #ended: KindredError | undefined;

  constructor(setup: Setup) {
    // Node's flags are passed on: some decide what a plugin's own imports find.
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: setup });
    this.#worker.unref();
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => (this.#cause = error));
    this.#worker.on('exit', (exitCode) => this.#end(`it ended with code ${exitCode}`));
  }

  /** Images that it has not answered yet. */
  get load(): number {
    return this.#pending.size;
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  /**
   * Pixels of an encoded image, a copy of whose bytes is sent.
   * @throws what decoding and augmentations throw; KINDRED_ENGINE_WORKER if the thread ends before it answers
   */
  run({ bytes, ...job }: Job): Promise<Uint8Array> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      // The sample may keep its bytes, or have cut them out of a larger buffer.
      const own = new Uint8Array(bytes);
      this.#pending.set(id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, job: { bytes: own, ...job } } satisfies Message, [own.buffer]);
    });
  }

  /**
   * Ends the thread, whatever it is doing; whoever waits for it is told at once. Native code cannot be interrupted: nobody waits for a
   * large image, and the thread ends after it.
   */
  async close(): Promise<void> {
    this.#end('it was closed');
    this.#worker.unref();
    const patience = new AbortController();
    const grace = wait(GRACE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.#worker.terminate(), grace]);
    patience.abort();
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('pixels' in reply) pending?.resolve(reply.pixels);
    else pending?.reject('failure' in reply ? unpackError(reply.failure) : reply.bug);
  }

  #end(reason: string): void {
    const cause = this.#cause;
    this.#ended ??= new KindredError('KINDRED_ENGINE_WORKER', {
      message: `A worker thread that augments images must stay alive until its work is done. Got: ${cause instanceof Error ? cause.message : reason}.`,
      hint: 'Memory may be short, or an augmentation of a plugin ends its process.',
      cause,
    });
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}
