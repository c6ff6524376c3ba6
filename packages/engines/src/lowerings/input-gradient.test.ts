import { prepareTfGradients } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { convArrays, convShapes, referenceGradients, type ConvShape } from '../../test/conv-shapes.js';
import { computed, inputOf } from '../../test/run-graph.js';
import { NCHWC } from '../nchwc/layout.js';
import { probeBlockSize } from '../nchwc/probe.js';
import { toBlocked } from '../nchwc/to-blocked.js';
import { convolutionOf } from '../onnx/gradients.js';
import type { Graph } from '../onnx/graph.js';
import { difference } from '../testing/index.js';
import { Emitter } from '../trace/emitter.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { toNCHW } from './conv-geometry.js';
import { inputGradient } from './input-gradient.js';

beforeAll(async () => {
  await prepareTfGradients();
  await tf.setBackend('cpu');
});

/** Up to 16 * 5 products are added up in another order: some units in the last place of float32 (6e-8 each). */
const TOLERANCE = 2e-6;

/** The gradient as it was chosen, and as a convolution where that was noted. */
function written(shape: ConvShape, depthwise: boolean) {
  const arrays = convArrays(shape, depthwise);
  const emit = new Emitter();
  const [dy, filter] = [inputOf(emit, 'dy', arrays.dy), inputOf(emit, 'filter', arrays.filter)];
  const { strides, dilations, x, pad } = shape;
  const attrs = { strides, dilations, inputShape: x, pad, dataFormat: 'NHWC' } as const;
  const chosen = inputGradient(emit, dy, filter, attrs, depthwise);
  const value = emit.as(chosen, toNCHW());
  const conv = convolutionOf(value)?.outputs[0];
  const other = conv && new SymbolicTensor(x, 'float32', conv, toNCHW());
  return { arrays, emit, chosen, other, op: value.source.kind === 'node' ? value.source.node.op : '' };
}

describe.each([
  ['one filter for all channels', false],
  ['one filter a channel', true],
] as const)('inputGradient with %s', (_, depthwise) => {
  it('gives the gradient that tfjs gives, for any strides, dilations and padding, in both ways', () =>
    fc.assert(
      fc.asyncProperty(convShapes(depthwise), async (shape) => {
        const { arrays, emit, chosen, other } = written(shape, depthwise);
        const { dx } = referenceGradients(shape, arrays, depthwise);
        const feeds = { dy: arrays.dy, filter: arrays.filter };
        expect(difference(await computed(emit, chosen, feeds), dx, TOLERANCE)).toBe('');
        if (other) expect(difference(await computed(emit, other, feeds), dx, TOLERANCE)).toBe('');
      }),
      { numRuns: 40 },
    ));
});

describe('inputGradient', () => {
  const shape: ConvShape = {
    x: [1, 12, 12, 4],
    filter: [3, 3, 4, 4],
    strides: [1, 1],
    dilations: [1, 1],
    pad: 'same',
  };

  it('is a convolution where that has no more products', () => {
    expect(written(shape, false)).toMatchObject({ op: 'Conv', other: undefined });
  });

  it('is a transposed convolution, with the other way noted, where a convolution would multiply the padding', () => {
    const { op, other } = written({ ...shape, pad: 'valid' }, false);
    expect(op).toBe('ConvTranspose');
    expect(other).toBeDefined();
  });

  it('is that convolution in blocks of channels', async ({ skip }) => {
    const block = await probeBlockSize();
    if (!block) return skip('onnxruntime has no blocked convolutions here');
    const valid: ConvShape = { ...shape, x: [2, 12, 11, 16], filter: [3, 4, 16, 32], pad: 'valid' };
    const { arrays, emit, chosen } = written(valid, false);
    const blocked = (graph: Graph) => {
      const rewritten = toBlocked(graph, block);
      expect(rewritten.nodes.filter(({ op }) => op.startsWith('Conv')).map(({ domain }) => domain)).toEqual([NCHWC]);
      return rewritten;
    };
    const actual = await computed(emit, chosen, { dy: arrays.dy, filter: arrays.filter }, blocked);
    expect(difference(actual, referenceGradients(valid, arrays).dx, TOLERANCE)).toBe('');
  });

  it('is a transposed convolution for strides', () => {
    expect(written({ ...shape, strides: [2, 2] }, false)).toMatchObject({ op: 'ConvTranspose', other: undefined });
  });
});
