import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { slopeOf, type Slope } from './slope.js';

const MB = 1e6;

/** Memory in MB after a number of predictions. */
export interface Sample {
  readonly predictions: number;
  /** What the system counts, native code and all threads included. */
  readonly rss: number;
  /** Live JavaScript objects of the main thread, after garbage collection. */
  readonly heap: number;
  /** Arrays' buffers. */
  readonly buffers: number;
}

export interface Watched {
  readonly samples: readonly Sample[];
  /** MB in 1,000 predictions, from the samples of the second half: the first one fills caches. */
  readonly rss: Slope;
  readonly heap: Slope;
}

/** Node's garbage collector, called by its name: without it, what is no longer used would be counted until it runs. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Takes samples while `predictions` are made by `run`, which is told to make so many at a time. */
export async function watch(
  predictions: number,
  every: number,
  run: (count: number) => Promise<void>,
  onSample: (sample: Sample) => void,
): Promise<Watched> {
  const collect = collector();
  const samples: Sample[] = [];
  for (let done = 0; done < predictions; done += every) {
    await run(Math.min(every, predictions - done));
    // Twice: what finalizers free is collected by the second.
    collect();
    await wait(20);
    collect();
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    const sample = {
      predictions: Math.min(predictions, done + every),
      rss: rss / MB,
      heap: heapUsed / MB,
      buffers: arrayBuffers / MB,
    };
    samples.push(sample);
    onSample(sample);
  }
  const late = samples.slice(samples.length >> 1);
  const slope = (of: 'rss' | 'heap') =>
    slopeOf(late.map((sample) => ({ x: sample.predictions / 1000, y: sample[of] })));
  return { samples, rss: slope('rss'), heap: slope('heap') };
}
