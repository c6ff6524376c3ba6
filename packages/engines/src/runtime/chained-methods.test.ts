import { float32 } from '@kindred/core';
import { afterAll, expect, it } from 'vitest';

import { createOnnxEngine } from '../engine.js';

const engine = createOnnxEngine({ workers: 1 });
afterAll(() => engine.dispose());

// In this file's process nothing has loaded all of tfjs yet, which gives tensors their methods.
it('a program may use the methods of tensors', async () => {
  const executable = await engine.compile({
    name: 'methods',
    run: ({ inputs }) => ({ y: inputs['x']!.square().sum() }),
  });
  expect(await executable.run({ x: float32([2], [1, 2]) })).toEqual({ y: float32([], [5]) });
});

it('a mistake of the program itself is an error', async () => {
  const executable = await engine.compile({
    name: 'mistaken',
    // Tensors have no such method: what a slip in plain JavaScript would call.
    run: ({ inputs }) => ({ y: (inputs['x'] as unknown as { cube(): never }).cube() }),
  });
  await expect(executable.run({ x: float32([2]) })).rejects.toThrow('cube is not a function');
});
