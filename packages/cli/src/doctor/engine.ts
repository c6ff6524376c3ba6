import { float32, type Context, type EngineComponent } from '@kindred/core';

import { formatDuration } from '../terminal/numbers.js';

import { messageOf, type Finding } from './finding.js';

/** The engine that every manifest can count on; others are extras. */
const NEEDED = 'onnx';

/** Whether an engine loads and computes: one small program, compared with the sum done by hand. */
export async function checkEngine(component: EngineComponent, ctx: Context): Promise<Finding> {
  const name = `engine ${component.name}`;
  const started = performance.now();
  try {
    const engine = await component.create(component.options.parse({}), ctx);
    try {
      await computeAffine(engine);
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
