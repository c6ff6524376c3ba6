import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { TrainResult } from '@kindred/core/host';

/** What the bench hands to the process of one run. */
export interface SystemTask {
  readonly manifest: string;
  /** A folder for the bundle. */
  readonly out: string;
  readonly cacheDir: string;
}

/** What one run gave and took. */
export interface SystemRun extends Pick<TrainResult, 'evaluations' | 'history' | 'notes'> {
  readonly seconds: number;
  /** The most memory that the process held, native code and all threads included. */
  readonly peakMemoryMB: number;
}

const CHILD = fileURLToPath(new URL('./system-child.js', import.meta.url));

/** Trains a manifest in a process of its own, so that its memory can be told from that of others. @throws Error if it fails */
export async function runSystem(task: SystemTask): Promise<SystemRun> {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, JSON.stringify(task)], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as SystemRun;
}
