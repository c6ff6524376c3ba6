import { KindredError } from '../errors/kindred-error.js';

/** Gathers mistakes of one input so that a person sees them together, up to a limit that keeps messages readable. */
export class IssueList {
  readonly #issues: KindredError[] = [];

  constructor(private readonly limit = 20) {}

  get size(): number {
    return this.#issues.length;
  }

  /** True once there is no use in looking for more. */
  get full(): boolean {
    return this.#issues.length >= this.limit;
  }

  add(issue: KindredError): void {
    if (!this.full) this.#issues.push(issue);
  }

  /**
   * Throws what was gathered: a single mistake as it is; several as one error with `issues` and the code of the first.
   * @param where Names the input in the summary sentence.
   */
  throwIfAny(where: string): void {
    const [first, ...others] = this.#issues;
    if (first === undefined) return;
    if (others.length === 0) throw first;
    const count = `${this.full ? 'at least ' : ''}${this.#issues.length}`;
    throw new KindredError(first.code, {
      message: `${where} must be free of mistakes. Got ${count}; the first: ${first.message}`,
      path: first.path,
      issues: this.#issues,
    });
  }
}
