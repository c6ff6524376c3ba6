import type { FetchContext } from '../src/weights/fetch-tarball.js';

export interface RecordedContext extends FetchContext {
  /** What progress reported: each step's name, its total, and the sum of its counts. */
  readonly steps: { name: string; total?: number; count: number; ended: boolean }[];
  readonly warnings: string[];
  abort(reason: Error): void;
}

/** What a component is handed, with progress and warnings written down. */
export function recordedContext(baseDir: string, cacheDir: string): RecordedContext {
  const steps: RecordedContext['steps'] = [];
  const warnings: string[] = [];
  const controller = new AbortController();
  return {
    baseDir,
    cacheDir,
    steps,
    warnings,
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (_fields, message) => void warnings.push(message),
      error: () => undefined,
    },
    progress: {
      start({ name, total }) {
        const step = { name, total, count: 0, ended: false };
        steps.push(step);
        return {
          advance: (count) => void (step.count += count),
          end: () => void (step.ended = true),
        };
      },
    },
  };
}
