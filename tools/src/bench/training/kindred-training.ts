import { createRandom, trainNetwork, type Engine } from '@kindred/core';
import { adam } from '@kindred/heads';

import type { Taken } from '../rounds.js';

import type { Workload } from './workloads.js';

export interface TrainedSteps extends Taken {
  /** From the call to the end of the first step: recording, compiling and running it. */
  readonly firstStepSeconds: number;
  readonly loss: number;
  /** As the engine described itself after the last step. */
  readonly engine: Readonly<Record<string, string>>;
}

/**
 * Trains `warmup + steps` steps as a pipeline does, loss read after each, and times the last `steps`. The engine is
 * disposed.
 */
export async function trainSteps(
  engine: Engine,
  workload: Workload,
  { warmup, steps }: { readonly warmup: number; readonly steps: number },
): Promise<TrainedSteps> {
  const begun = performance.now();
  let firstStepSeconds = 0;
  let start = begun;
  let cpuStart = process.cpuUsage();
  let done = 0;
  const advance = () => {
    done++;
    if (done === 1) firstStepSeconds = (performance.now() - begun) / 1000;
    if (done !== warmup) return;
    start = performance.now();
    cpuStart = process.cpuUsage();
  };
  try {
    const optimizer = adam.create(adam.options.parse({ learningRate: 5e-4 }));
    const { history } = await trainNetwork(
      workload.task,
      workload.batches(warmup + steps),
      { epochs: 1, optimizer },
      {
        engine,
        random: createRandom(1),
        progress: { start: () => ({ advance, end: () => undefined }) },
        signal: new AbortController().signal,
      },
    );
    const { user, system } = process.cpuUsage(cpuStart);
    return {
      seconds: (performance.now() - start) / 1000,
      cpuSeconds: (user + system) / 1e6,
      firstStepSeconds,
      loss: history[0]?.loss ?? Number.NaN,
      engine: engine.describe(),
    };
  } finally {
    await engine.dispose();
  }
}
