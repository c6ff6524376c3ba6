/** Reports long work. A step is started, advanced any number of times, and ended; steps may nest. */
export interface Progress {
  /** `total` and counts are in `unit`s; leave `total` out where it is not known. */
  start(step: { name: string; total?: number; unit?: string }): ProgressStep;
}

export interface ProgressStep {
  /** `count` more units are done; `note` is a short text shown beside them (a loss, say). */
  advance(count: number, note?: string): void;
  end(note?: string): void;
}
