import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { LOWERINGS } from './index.js';
import { LEFT_OUT } from './left-out.js';

/** tfjs-core exports the names of its kernels as constants: `Add = 'Add'`. */
const kernels = Object.entries(tf).flatMap(([key, value]) => (key === value ? [key] : []));

describe('the kernels of tfjs', () => {
  it('each have one lowering or one reason to have none', () => {
    const lowered = LOWERINGS.map(({ kernel }) => kernel);
    expect(new Set(lowered).size).toBe(lowered.length);
    expect(kernels.length).toBeGreaterThan(170);
    const known = [...lowered, ...Object.keys(LEFT_OUT)].filter((kernel) => !kernel.startsWith('Kindred'));
    expect(known.sort()).toEqual([...kernels].sort());
  });
});
