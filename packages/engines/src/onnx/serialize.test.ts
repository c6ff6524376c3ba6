import { describe, expect, it } from 'vitest';

import { constantOf } from './constant.js';
import { GraphBuilder } from './graph-builder.js';
import { graphOf } from './graph.js';
import { serialize } from './serialize.js';

const float = (shape: number[]) => ({ type: 'float32', shape }) as const;

describe('the written model', () => {
  it('holds each weight once, and little beside', () => {
    const builder = new GraphBuilder();
    const weights = Float32Array.from({ length: 10_000 }, (_, i) => i);
    const w = builder.constant(constantOf(weights), 'float32', [100, 100]);
    const x = builder.input('x', float([100, 100]));
    const [once] = builder.node('MatMul', [x, w], [float([100, 100])]);
    const [twice] = builder.node('MatMul', [once, w], [float([100, 100])]);
    const bytes = serialize(graphOf('weights', twice ? [{ name: 'y', value: twice }] : []));
    expect(bytes.length).toBeGreaterThan(weights.byteLength);
    expect(bytes.length).toBeLessThan(weights.byteLength + 500);
    // A few bytes before it make its numbers aligned.
    expect(bytes.buffer.byteLength).toBeLessThanOrEqual(bytes.byteLength + 8);
  });

  it('does not write out arrays of one repeated number', () => {
    const builder = new GraphBuilder();
    const zeros = builder.constant(constantOf(new Float32Array(1e6)), 'float32', [1000, 1000]);
    const [y] = builder.node('Neg', [zeros], [float([1000, 1000])]);
    expect(serialize(graphOf('zeros', y ? [{ name: 'y', value: y }] : [])).length).toBeLessThan(500);
  });

  it('leaves out what no output depends on, and computes the same thing once', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', float([2]));
    const unused = builder.input('unused', float([2]));
    builder.node('Add', [x, unused], [float([2])]);
    const [first] = builder.node('Neg', [x], [float([2])]);
    const [second] = builder.node('Neg', [x], [float([2])]);
    expect(second).toBe(first);
    const graph = graphOf('small', first ? [{ name: 'y', value: first }] : []);
    expect(graph.inputs).toEqual([x]);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Neg']);
  });
});
