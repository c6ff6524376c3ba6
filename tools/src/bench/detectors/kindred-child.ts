// Kindred's side of one round, in a process of its own: a task as JSON in, times as JSON out.
import type { Detector, Program, Transform } from '@kindred/core';
import { float32 } from '@kindred/core';
import detectors from '@kindred/detectors';
import { createOnnxEngine } from '@kindred/engines';
import * as tf from '@tensorflow/tfjs-core';

import { readNpy, writeNpy } from '../features/npy.js';

import { fitAndScore } from './fit-and-score.js';
import type { KindredTask } from './kindred-task.js';

/** Starts the engine's workers: what a pipeline has done long before it fits. */
const nothing: Program = {
  name: 'nothing',
  run: ({ inputs }) => ({ y: tf.add(inputs['x']!, 1) }),
};

const task = JSON.parse(process.argv[2] ?? '') as KindredTask;
const component = detectors.components.find(({ kind, name }) => kind === task.kind && name === task.use);
if (!component) throw new RangeError(`@kindred/detectors has no ${task.kind} ${task.use}`);
const [train, test] = await Promise.all([readNpy(task.train), readNpy(task.test)]);
const engine = createOnnxEngine();
try {
  const executable = await engine.compile(nothing);
  await Promise.all(Array.from({ length: engine.concurrency }, () => executable.run({ x: float32([1]) })));
  await executable.dispose();
  const once = () => fitAndScore(component as Detector | Transform, task.options, { train, test }, engine);
  const first = await once();
  const run = await once();
  await writeNpy(task.out, run.results);
  const { fit, score, again, notes } = run;
  const round = { fit, score, again, notes, first: { fit: first.fit, score: first.score }, engine: engine.describe() };
  process.stdout.write(`${JSON.stringify(round)}\n`);
} finally {
  await engine.dispose();
}
