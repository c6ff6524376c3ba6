import type { LoadContext } from '../../src/data/load-context.js';

/** What a dataset is handed, with nobody listening. */
export function quietContext(baseDir: string, signal: AbortSignal = new AbortController().signal): LoadContext {
  const ignore = () => undefined;
  return {
    baseDir,
    signal,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    progress: { start: () => ({ advance: ignore, end: ignore }) },
  };
}
