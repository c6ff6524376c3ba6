import { fork, type ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import type { InputSpecs } from '../trace/input-specs.js';

import type { DataFile } from './external-data.js';
import { Flaw } from './model-error.js';

/** What the process of a trial is told. */
export interface TrialRequest {
  readonly model: Uint8Array;
  readonly data: readonly DataFile[];
  readonly inputs: InputSpecs;
  readonly outputs: readonly string[];
}

export interface TrialLimits {
  /** For loading and the first run together. Default one minute. */
  readonly timeoutMs?: number;
  /** Resident memory. Default 2 GiB and four times the model. Watched on Linux; elsewhere the system's limits hold. */
  readonly memoryBytes?: number;
}

type Stage = 'load' | 'run' | 'done';
type Report = { readonly stage: Stage } | { readonly failure: string };

const MUST: Readonly<Record<Stage, string>> = {
  load: 'be accepted by onnxruntime',
  run: 'run on zeros',
  done: 'end its first run in order',
};
const WATCH_MS = 50;

/**
 * Loads a model and runs it once in a process of its own, so that one that crashes, hangs or eats memory harms nothing else.
 * @throws Flaw that says which of these it did; the signal's reason on abort
 */
export async function tryModel(request: TrialRequest, limits: TrialLimits, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const bytes = request.data.reduce((sum, { data }) => sum + data.length, request.model.length);
  const { timeoutMs = 60_000, memoryBytes = 2 * 2 ** 30 + 4 * bytes } = limits;
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = fork(fileURLToPath(new URL('./trial-process.mjs', import.meta.url)), [], {
    // A test runner's or debugger's flags for Node are not the trial's; it runs onnxruntime, not JavaScript.
    execArgv: ['--max-old-space-size=256'],
    env,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ends: (() => void)[] = [() => child.kill('SIGKILL')];
  let stage: Stage = 'load';
  try {
    await new Promise<void>((resolve, reject) => {
      const refuse = (received: string) => reject(new Flaw(MUST[stage], received));
      const timer = setTimeout(() => refuse(`it did not within ${timeoutMs} ms`), timeoutMs);
      const abort = () => reject(signal?.reason as Error);
      signal?.addEventListener('abort', abort);
      ends.push(
        () => clearTimeout(timer),
        () => signal?.removeEventListener('abort', abort),
        watchMemory(child, memoryBytes, (used) =>
          refuse(`it took ${used} bytes of memory; the limit is ${memoryBytes}`),
        ),
      );
      const said = lastLine(child);
      child.on('message', (report: Report) => {
        if ('failure' in report) return refuse(`it failed with ${report.failure}`);
        stage = report.stage;
        if (stage === 'done') resolve();
      });
      child.on('error', (error) => refuse(`the process for it failed with ${error.message}`));
      child.on('close', (code, killer) => refuse(`it ended the process with ${killer ?? `code ${code}`}${said()}`));
      child.send(request, (error) => {
        if (error) refuse(`the process for it was gone: ${error.message}`);
      });
    });
  } finally {
    for (const end of ends) end();
  }
}

/** Calls `exceeded` once the process' resident memory is over `limit`. Returns how to stop watching. */
function watchMemory(child: ChildProcess, limit: number, exceeded: (bytes: number) => void): () => void {
  if (process.platform !== 'linux' || child.pid === undefined) return () => undefined;
  const folder = `/proc/${child.pid}`;
  // Where memory runs out before the next look, the kernel shall end this process rather than any other.
  void writeFile(`${folder}/oom_score_adj`, '1000').catch(() => undefined);
  const timer = setInterval(() => {
    void readFile(`${folder}/status`, 'utf8').then(
      (status) => {
        const used = 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
        if (used > limit) exceeded(used);
      },
      () => undefined,
    );
  }, WATCH_MS);
  return () => clearInterval(timer);
}

/** What a process that crashes wrote last, for the message. */
function lastLine(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-2000)));
  return () => {
    const line = text.trim().split('\n').at(-1) ?? '';
    return line === '' ? '' : ` after ${line.slice(0, 300)}`;
  };
}
