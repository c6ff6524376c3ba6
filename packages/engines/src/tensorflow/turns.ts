import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Work in line: one piece after another, in the order of the calls, each in a turn of the event loop of its own. Between two of
 * them timers, signals and streams are served.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  next<T>(work: () => T): Promise<T> {
    const result = this.#last.then(() => nextTurn()).then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
