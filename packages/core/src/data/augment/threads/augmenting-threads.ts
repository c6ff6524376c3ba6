import { availableParallelism } from 'node:os';

import type { Bound } from '../../../plugin/bound.js';
import { uint8, type NdArray } from '../../../tensor/nd-array.js';
import type { ImageSpec } from '../../../plugin/contract.js';
import { loadSharp } from '../../decode/load-sharp.js';

import type { Job } from './protocol.js';
import { WorkerThread } from './worker-thread.js';

/** One processor is left to what trains; and native decoding has four threads in all, however many of these ask for it. */
const WORKERS = Math.max(1, Math.min(4, availableParallelism() - 1));

/** While native code decodes one image, the thread changes another. */
const IMAGES_A_WORKER = 2;

export interface ThreadsOptions {
  readonly spec: ImageSpec;
  readonly limitInputPixels: number;
  /** The module of the plugin of each augmentation. */
  readonly modules: readonly string[];
  readonly workers?: number | undefined;
}

/** Worker threads that decode images and change them. A thread starts when an image finds all others busy. */
export class AugmentingThreads {
  /** Images at once that keep all threads busy. */
  readonly concurrency: number;
  readonly #workers: number;
  readonly #shape: readonly number[];
  readonly #start: () => WorkerThread;
  #threads: WorkerThread[] = [];

  constructor(
    augmentations: readonly Bound<'augmentation'>[],
    { spec, limitInputPixels, modules, workers = WORKERS }: ThreadsOptions,
  ) {
    const references = augmentations.map(({ reference }) => reference);
    const setup = { modules: [...new Set(modules)], references, spec, limitInputPixels };
    this.#workers = workers;
    this.concurrency = workers * IMAGES_A_WORKER;
    this.#shape = [spec.height, spec.width, spec.channels];
    this.#start = () => new WorkerThread(setup);
  }

  /** Pixels, uint8 `[H, W, C]`, of an encoded image. */
  async run(job: Job): Promise<NdArray<'uint8'>> {
    // Threads come and go; a native library must stay loaded in the main one.
    await loadSharp();
    const pixels = await this.#leastBusy().run(job);
    return uint8(this.#shape, pixels);
  }

  /** Ends all threads; whoever waits for an image is told. */
  async close(): Promise<void> {
    const threads = this.#threads;
    this.#threads = [];
    await Promise.all(threads.map((thread) => thread.close()));
  }

  #leastBusy(): WorkerThread {
    this.#threads = this.#threads.filter(({ alive }) => alive);
    const [first] = this.#threads.toSorted((a, b) => a.load - b.load);
    if (first && (first.load === 0 || this.#threads.length >= this.#workers)) return first;
    const thread = this.#start();
    this.#threads.push(thread);
    return thread;
  }
}
