import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { NdArray } from '@kindred/core';

import { serialize } from '../onnx/serialize.js';

import type { BlockSize } from './layout.js';
import { probeGraph } from './probe-graph.js';
import { toBlocked } from './to-blocked.js';

/** What the child process is asked: whether two models give the same outputs. */
export interface ProbeRequest {
  readonly plain: Uint8Array;
  readonly blocked: Uint8Array;
  readonly inputs: Readonly<Record<string, NdArray<'float32'>>>;
}

/** Loading onnxruntime takes a fraction of a second; on a machine where it takes as long as this, blocks matter little. */
const PATIENCE_MS = 20_000;

const CANDIDATES: readonly BlockSize[] = [16, 8];

let known: Promise<BlockSize | undefined> | undefined;

/**
 * The block size for which onnxruntime's internal operators give on this processor what its public ones give, tried once in a
 * process of its own. Undefined if there is none: if values differ, the process dies or takes too long.
 */
export function probeBlockSize(): Promise<BlockSize | undefined> {
  known ??= firstThat(CANDIDATES, agrees);
  return known;
}

async function firstThat<T>(items: readonly T[], holds: (item: T) => Promise<boolean>): Promise<T | undefined> {
  for (const item of items) if (await holds(item)) return item;
  return undefined;
}

/** Whether the probe's network in blocks of this size gives what it gives without. Never rejects. */
export function agrees(block: BlockSize): Promise<boolean> {
  const { graph, inputs } = probeGraph();
  return compareInChild({ plain: serialize(graph), blocked: serialize(toBlocked(graph, block)), inputs });
}

/** Whether both models run and agree. A child process that fails, dies or takes too long means no. */
export function compareInChild(request: ProbeRequest, patience = PATIENCE_MS): Promise<boolean> {
  return new Promise((resolve) => {
    const script = fileURLToPath(new URL('./probe-child.mjs', import.meta.url));
    // A test runner's or debugger's flags for Node are not the child's, and what it prints when it dies is no news.
    const child = fork(script, {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    const settle = (agree: boolean) => {
      clearTimeout(timer);
      resolve(agree);
    };
    child.on('message', (answer: { readonly agree: boolean }) => settle(answer.agree));
    child.on('error', () => settle(false));
    child.on('exit', () => settle(false));
    child.send(request, (error) => error && settle(false));
  });
}
