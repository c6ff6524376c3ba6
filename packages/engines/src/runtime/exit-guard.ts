/** One flag for each live worker: 1 while it is inside of native code. */
const flags = new Set<Int32Array>();

/** No native call of a worker takes as long; then the process ends as it may. */
const PATIENCE_MS = 30_000;

/**
 * Guards the end of the process against a crash: ending a worker inside of native code aborts the whole process, with a
 * message on stderr and a core dump. So the process waits for the calls under way, a fraction of a second mostly.
 */
export function guardExit(flag: Int32Array): void {
  if (flags.size === 0) process.on('exit', waitForAll);
  flags.add(flag);
}

export function releaseExit(flag: Int32Array): void {
  flags.delete(flag);
  if (flags.size === 0) process.off('exit', waitForAll);
}

function waitForAll(): void {
  for (const flag of flags) Atomics.wait(flag, 0, 1, PATIENCE_MS);
}
