/** Lets a loop start tasks without waiting for each, but with a bounded number unfinished. */
export class TaskWindow {
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(private readonly limit: number) {}

  /** Starts `task`, then waits until there is room for one more. Rejects with the first failure of any task so far. */
  async add(task: () => Promise<void>): Promise<void> {
    const running: Promise<void> = task()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    while (this.#running.size >= this.limit) await Promise.race(this.#running);
    this.#throwIfFailed();
  }

  /** Waits for all tasks, failed or not. */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Waits for all tasks. Rejects with the first failure. */
  async drain(): Promise<void> {
    await this.settle();
    this.#throwIfFailed();
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
