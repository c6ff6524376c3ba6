import { describe, expect, it } from 'vitest';

import { serialize } from '../onnx/serialize.js';

import { agrees, compareInChild, probeBlockSize } from './probe.js';
import { probeGraph } from './probe-graph.js';

describe('the probe', () => {
  it('finds at most one block size that gives the right numbers, and reports it', async () => {
    const found = [await agrees(16), await agrees(8)];
    expect(found.filter(Boolean).length).toBeLessThanOrEqual(1);
    const expected = found[0] ? 16 : found[1] ? 8 : undefined;
    expect(await probeBlockSize()).toBe(expected);
  });

  it('says no where a model is refused, and where the child process takes too long', async () => {
    const { graph, inputs } = probeGraph();
    const model = serialize(graph);
    expect(await compareInChild({ plain: model, blocked: model, inputs })).toBe(true);
    expect(await compareInChild({ plain: model, blocked: model.slice(0, 100), inputs })).toBe(false);
    expect(await compareInChild({ plain: model, blocked: model, inputs }, 1)).toBe(false);
  });
});
