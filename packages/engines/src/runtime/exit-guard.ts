/** What a worker's flag says it is doing. Set by the worker itself once it has started. */
export const ACTIVITY = { idle: 0, native: 1, starting: 2 } as const;

/** One flag for each live worker. */
const flags = new Set<Int32Array>();

/** No native call of a worker takes as long; then the process ends as it may. */
const PATIENCE_MS = 30_000;
/** A worker that does not start within this has failed, and nothing is left to be interrupted. */
const START_MS = 2_000;
/** Whoever interrupts a process does not wait for a batch. */
const INTERRUPTED_MS = 400;

/** Exit codes by which a process says that a signal ended it. */
const SIGNALS: Readonly<Record<number, NodeJS.Signals>> = { 130: 'SIGINT', 143: 'SIGTERM' };

/**
 * Guards the end of the process against a crash: ending a worker inside of native code aborts the whole process, with a
 * message on stderr and a core dump. So the process waits for the calls under way, a fraction of a second mostly. One that was
 * interrupted waits for no long call: it dies of the signal that its exit code stands for, which no native code can delay.
 */
export function guardExit(flag: Int32Array): void {
  if (flags.size === 0) process.on('exit', waitForAll);
  flags.add(flag);
}

export function releaseExit(flag: Int32Array): void {
  flags.delete(flag);
  if (flags.size === 0) process.off('exit', waitForAll);
}

function waitForAll(exitCode: number): void {
  const signal = SIGNALS[exitCode];
  const start = performance.now();
  const until = (patience: number) =>
    Math.max(0, start + Math.min(patience, signal ? INTERRUPTED_MS : patience) - performance.now());
  for (const flag of flags) {
    Atomics.wait(flag, 0, ACTIVITY.starting, until(START_MS));
    const busy = Atomics.wait(flag, 0, ACTIVITY.native, until(PATIENCE_MS)) === 'timed-out';
    if (!busy || !signal) continue;
    // Without a listener the system's own handling is back.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
}
