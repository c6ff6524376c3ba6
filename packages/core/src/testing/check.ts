import { KindredError } from '../errors/kindred-error.js';

/** One clause of a component's contract that a program can check. */
export interface Check<Component> {
  /** What holds, in words that serve as the name of a test. */
  readonly name: string;
  /** `options` as a manifest has them, defaults left out. Rejects with what was expected, what was seen and how to satisfy it. */
  run(component: Component, options?: object): Promise<void>;
}

/** What became of one check. */
export interface CheckResult {
  readonly name: string;
  /** Why it failed; absent if it passed. */
  readonly error?: unknown;
}

/** Runs all checks, also after one failed. */
export async function runChecks<Component>(
  checks: readonly Check<Component>[],
  component: Component,
  options?: object,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    try {
      await check.run(component, options);
      results.push({ name: check.name });
    } catch (error) {
      results.push({ name: check.name, error });
    }
  }
  return results;
}

/** @throws KINDRED_PLUGIN_RESULT with all three sentences unless `holds` */
export function expectThat(holds: boolean, say: { expected: string; seen: string; fix: string }): asserts holds {
  if (holds) return;
  throw new KindredError('KINDRED_PLUGIN_RESULT', {
    message: `${say.expected} Seen: ${say.seen}. ${say.fix}`,
    received: say.seen,
    hint: say.fix,
  });
}
