import type { Worker } from 'node:worker_threads';

import { float32, type Engine } from '@kindred/core';
import { afterEach, describe, expect, it } from 'vitest';

import { large, slow } from '../../test/engines.js';
import { numbers } from '../../test/support.js';
import { createOnnxEngine } from '../engine.js';

const small = { x: float32([1, 1], [0]) };

/** Whatever cannot be read as a message is an uncaught exception in the worker, which ends it. */
const kill = (worker: Worker | undefined) => worker?.postMessage(null);
const deathOf = (worker: Worker | undefined) => new Promise((resolve) => worker?.on('exit', resolve));

const engines: Engine[] = [];
const started: Worker[] = [];
let onStart: (worker: Worker) => void = () => undefined;
process.on('worker', (worker) => {
  started.push(worker);
  onStart(worker);
});
function engineWith(workers: number): Engine {
  const engine = createOnnxEngine({ workers });
  engines.push(engine);
  return engine;
}
afterEach(async () => {
  onStart = () => undefined;
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
  started.splice(0);
});

describe('a worker that dies', () => {
  it('is replaced, and its run is run again with the inputs it had', async () => {
    onStart = (worker) => {
      if (started.length === 1) kill(worker);
    };
    const executable = await engineWith(1).compile(slow);
    const inputs = { x: numbers([50, 50]) };
    const run = executable.run(inputs);
    inputs.x.data.fill(NaN);
    const outputs = await run;
    expect(started).toHaveLength(2);
    expect(await executable.run({ x: numbers([50, 50]) })).toEqual(outputs);
  });

  it('takes the replacement with it: the run fails, and the next one gets a third', async () => {
    onStart = kill;
    const executable = await engineWith(1).compile(slow);
    await expect(executable.run(large)).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_WORKER',
      message: expect.stringContaining('Cannot destructure') as string,
    });
    expect(started).toHaveLength(2);
    onStart = () => undefined;
    expect(await executable.run(small)).toEqual({ y: float32([1, 1], [0]) });
    expect(started).toHaveLength(3);
  });

  it('while it is idle, goes unnoticed', async () => {
    const executable = await engineWith(1).compile(slow);
    await executable.run(small);
    const died = deathOf(started[0]);
    kill(started[0]);
    await died;
    expect(await executable.run(small)).toEqual({ y: float32([1, 1], [0]) });
  });

  it('leaves none of many runs waiting', async () => {
    const executable = await engineWith(2).compile(slow);
    await executable.run(small);
    const runs = Array.from({ length: 6 }, () => executable.run({ x: numbers([300, 300]) }));
    started.forEach(kill);
    const shapes = (await Promise.all(runs)).map(({ y }) => y?.shape);
    expect(shapes).toEqual(runs.map(() => [300, 300]));
  });

  it('is not replaced for a run that was aborted', async () => {
    const executable = await engineWith(1).compile(slow);
    await executable.run(small);
    const controller = new AbortController();
    const run = executable.run(large, { signal: controller.signal });
    const died = deathOf(started[0]);
    kill(started[0]);
    controller.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
    await died;
    expect(started).toHaveLength(1);
  });
});
