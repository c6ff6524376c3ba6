import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { float32, type Program } from '@kindred/core';
import { fileSample, openPredictor } from '@kindred/core/host';
import { createOnnxEngine } from '@kindred/engines';
import * as tf from '@tensorflow/tfjs-core';

import { describeMachine } from '../machine.js';

import type { Slope } from './slope.js';
import { quietHost } from '../quiet-host.js';

import { smallBundle } from './small-bundle.js';
import { watch, type Sample, type Watched } from './watch.js';

export interface MemoryBenchOptions {
  readonly predictions: number;
  readonly out: string;
}

/** What grows slower than this, in MB in 1,000 predictions, is called flat: a day of one prediction a second is then below 100 MB. */
const FLAT = 1;

/** Samples of a run. */
const SAMPLES = 40;

/** Makes predictions in this process, through the host API and through the engine alone, and says how fast memory grows. */
export async function benchMemory(
  { predictions, out }: MemoryBenchOptions,
  print: (line: string) => void,
): Promise<void> {
  const every = Math.max(1, Math.ceil(predictions / SAMPLES));
  const report = (sample: Sample) => print(inWords(sample));
  print('host: a predictor over a stream of image files');
  const host = await throughHost(predictions, every, report);
  print(`host     ${slopeInWords(host)}`);
  print('engine: one program, many shapes, runs that are aborted');
  const engine = await throughEngine(predictions, every, report);
  print(`engine   ${slopeInWords(engine)}`);
  await writeFile(out, `${JSON.stringify({ machine: await describeMachine(), predictions, host, engine }, null, 2)}\n`);
  print(`written to ${out}`);
  if (![host.rss, host.heap, engine.rss, engine.heap].every(isFlat)) process.exitCode = 1;
}

async function throughHost(predictions: number, every: number, report: (sample: Sample) => void): Promise<Watched> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-memory-'));
  const host = quietHost(join(folder, 'cache'));
  const { bundle, images } = await smallBundle(folder, host);
  const predictor = await openPredictor(bundle, host);
  try {
    let next = 0;
    return await watch(
      predictions,
      every,
      async (count) => {
        const samples = Array.from({ length: count }, () => fileSample(images[next++ % images.length] as string));
        let answered = 0;
        for await (const prediction of predictor.predict(samples)) answered += 'error' in prediction ? 0 : 1;
        if (answered !== count) throw new RangeError(`${count} images must be predicted. Got ${answered}.`);
      },
      report,
    );
  } finally {
    await predictor.dispose();
    await rm(folder, { recursive: true });
  }
}

/** More shapes than the engine keeps sessions for. */
const SHAPES = 6;
const layer: Program = {
  name: 'layer',
  constants: { w: float32([64, 64], new Float32Array(64 * 64).fill(0.01)) },
  run: ({ inputs, constants }) => ({
    y: tf.relu(tf.matMul(inputs['x'] as tf.Tensor2D, constants['w'] as tf.Tensor2D)),
  }),
};

async function throughEngine(predictions: number, every: number, report: (sample: Sample) => void): Promise<Watched> {
  const engine = createOnnxEngine();
  try {
    const executable = await engine.compile(layer);
    // One signal for all runs, as a host has: listeners must not gather on it.
    const { signal } = new AbortController();
    return await watch(
      predictions,
      every,
      async (count) => {
        for (let i = 0; i < count; i++) {
          // Mostly one shape: a new session for each run would measure nothing but how sessions are made.
          const rows = i % 50 === 0 ? 1 + ((i / 50) % SHAPES) : 1;
          const x = float32([rows, 64]);
          await executable.run({ x }, { signal });
          if (i % 100 === 0) await abortedRun(executable.run.bind(executable), x);
        }
      },
      report,
    );
  } finally {
    await engine.dispose();
  }
}

async function abortedRun(
  run: (inputs: { x: ReturnType<typeof float32> }, options: { signal: AbortSignal }) => Promise<unknown>,
  x: ReturnType<typeof float32>,
): Promise<void> {
  const controller = new AbortController();
  const running = run({ x }, { signal: controller.signal });
  controller.abort();
  await running.catch(() => undefined);
}

const isFlat = ({ low, perUnit }: Slope): boolean => perUnit < FLAT || low <= 0;

const inWords = ({ predictions, rss, heap, buffers }: Sample): string =>
  `${String(predictions).padStart(8)} predictions  rss ${rss.toFixed(1)} MB  heap ${heap.toFixed(2)} MB  buffers ${buffers.toFixed(1)} MB`;

const slopeInWords = ({ rss, heap }: Watched): string =>
  `MB in 1,000 predictions, second half: rss ${range(rss)}, heap ${range(heap)}`;

const range = ({ perUnit, low, high }: Slope): string =>
  `${perUnit.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
