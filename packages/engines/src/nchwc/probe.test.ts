import { describe, expect, it } from 'vitest';

import { serialize } from '../onnx/serialize.js';

import { NCHWC } from './layout.js';
import { agrees, compareInChild, probeBlockSize } from './probe.js';
import { probeGraph } from './probe-graph.js';
import { toBlocked } from './to-blocked.js';

describe('the probe', () => {
  it('finds at most one block size that gives the right numbers, and reports it', async () => {
    const found = [await agrees(16), await agrees(8)];
    expect(found.filter(Boolean).length).toBeLessThanOrEqual(1);
    const expected = found[0] ? 16 : found[1] ? 8 : undefined;
    expect(await probeBlockSize()).toBe(expected);
  });

  it('tries every operator that the pass writes', () => {
    const { nodes } = toBlocked(probeGraph().graph, 16);
    const tried = new Set(nodes.filter(({ domain }) => domain === NCHWC).map(({ op }) => op));
    expect([...tried].sort()).toEqual(['AveragePool', 'Conv', 'MaxPool', 'ReorderInput', 'ReorderOutput', 'Upsample']);
    const channelsLast = nodes.filter(({ attributes: { channels_last: last } }) => last && 'int' in last && last.int);
    expect(new Set(channelsLast.map(({ op }) => op))).toEqual(new Set(['ReorderInput', 'ReorderOutput']));
  });

  it('says no where a model is refused, and where the child process takes too long', async () => {
    const { graph, inputs } = probeGraph();
    const model = serialize(graph);
    expect(await compareInChild({ plain: model, blocked: model, inputs })).toBe(true);
    expect(await compareInChild({ plain: model, blocked: model.slice(0, 100), inputs })).toBe(false);
    expect(await compareInChild({ plain: model, blocked: model, inputs }, 1)).toBe(false);
  });
});
