import { float32, type Context, type EngineComponent } from '@kindred/core';

import { formatDuration } from '../terminal/numbers.js';

import { messageOf, type Finding } from './finding.js';

/** The engine that every manifest can count on; others are extras. */
const NEEDED = 'onnx';

/** Whether an engine loads and computes: two small programs, compared with sums done by hand. */
export async function checkEngine(component: EngineComponent, ctx: Context): Promise<Finding> {
  const name = `engine ${component.name}`;
  const started = performance.now();
  try {
    const engine = await component.create(component.options.parse({}), ctx);
    try {
      await computeAffine(engine);
      await convolveVariable(engine);
      const described = Object.entries(engine.describe()).map(([key, value]) => `${key} ${value}`);
      described.push(engine.int8 ? `int8 with ${await engine.int8.describe()}` : 'no int8');
      const seconds = (performance.now() - started) / 1000;
      return { name, status: 'ok', detail: [...described, `computes, ready in ${formatDuration(seconds)}`].join(', ') };
    } finally {
      await engine.dispose();
    }
  } catch (error) {
    const detail = messageOf(error);
    const hint = (error as { hint?: unknown }).hint;
    const fix =
      typeof hint === 'string' ? hint : 'npm rebuild onnxruntime-node --ignore-scripts, or reinstall with npm ci';
    return { name, status: component.name === NEEDED ? 'fail' : 'warn', detail, fix };
  }
}

/** x W + b for x = [1, 2], W = [[1, 2], [3, 4]], b = [10, 20]: [17, 30]. */
async function computeAffine(engine: Awaited<ReturnType<EngineComponent['create']>>): Promise<void> {
  const { add, matMul } = await import('@tensorflow/tfjs-core');
  const executable = await engine.compile({
    name: 'doctor',
    constants: { w: float32([2, 2], [1, 2, 3, 4]), b: float32([2], [10, 20]) },
    run: ({ inputs, constants }) => ({
      y: add(matMul(inputs['x'] as never, constants['w'] as never), constants['b'] as never),
    }),
  });
  const { y } = await executable.run({ x: float32([1, 2], [1, 2]) });
  const values = Array.from(y?.data ?? []);
  if (values.length !== 2 || values[0] !== 17 || values[1] !== 30) {
    throw new Error(`it computes [1, 2] W + b = [${values.join(', ')}] where [17, 30] is right`);
  }
}

/** Counts each pixel's neighbours in a 3x3 image, itself included. A filter that may change makes engines choose how to train. */
async function convolveVariable(engine: Awaited<ReturnType<EngineComponent['create']>>): Promise<void> {
  const { conv2d } = await import('@tensorflow/tfjs-core');
  const ones = float32([3, 3, 1, 1], new Float32Array(9).fill(1));
  const executable = await engine.compile({
    name: 'doctor-convolution',
    variables: { w: ones },
    run: ({ inputs, variables }) => ({ y: conv2d(inputs['x'] as never, variables['w'] as never, 1, 'same') }),
  });
  const { y } = await executable.run({ x: { ...ones, shape: [1, 3, 3, 1] } });
  const counts = Array.from(y?.data ?? []).join(' ');
  if (counts !== '4 6 4 6 9 6 4 6 4')
    throw new Error(`it counts neighbours as ${counts} where 4 6 4 6 9 6 4 6 4 is right`);
}
