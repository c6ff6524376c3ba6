import type { Progress } from '@kindred/core';

/** Progress for `--quiet`: says nothing. */
export const silentProgress: Progress = { start: () => ({ advance: () => undefined, end: () => undefined }) };
